package dev.muster.chunkstore.image;

import dev.muster.protocol.MusterException.BadConfiguration;
import dev.muster.protocol.content.ImageShape;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/// A disk or file to be published, as its guest reads it. Safe for many threads until it is closed.
public interface DiskImage extends Closeable {
    /// Opens the disk in a qcow2 file, a block device, or a raw file. What starts like a qcow2 file is taken for one.
    ///
    /// @throws BadConfiguration if the path is nothing that can be read, its container has a feature that is not
    /// understood, or the disk does not have whole sectors of 512 bytes
    static DiskImage open(Path path) throws IOException {
        InputFile file = InputFile.open(path);
        try {
            return Qcow2Header.begins(file) ? Qcow2Image.open(file) : RawImage.disk(file);
        } catch (IOException | RuntimeException e) {
            file.close();
            throw e;
        }
    }

    /// Opens a file whose bytes are the image, whatever they are: a kernel, an initrd, an ISO.
    ///
    /// @throws BadConfiguration if the path is nothing that can be read, or empty
    static DiskImage openOpaque(Path path) throws IOException {
        InputFile file = InputFile.open(path);
        try {
            return RawImage.opaque(file);
        } catch (IOException | RuntimeException e) {
            file.close();
            throw e;
        }
    }

    ImageShape shape();

    /// Fills `into`, from its position to its limit, with what the guest reads at `offset`.
    ///
    /// @throws IllegalArgumentException if that is not wholly inside the image
    /// @throws dev.muster.protocol.MusterException.Corrupt if the container contradicts itself or was cut off
    void read(long offset, ByteBuffer into) throws IOException;

    /// What lies at `offset`, and how far it goes on: at least one byte, and never beyond the end. Walking from
    /// run to run costs what the container's tables cost, not what the disk's length would. Two runs of one kind
    /// may follow each other.
    Run run(long offset) throws IOException;

    /// Whether all that was read belongs to one state of the disk, as far as the file system tells: it does for files
    /// and not for block devices.
    ///
    /// @throws dev.muster.protocol.MusterException.Corrupt if something has written to the file since it was opened
    void checkUnchanged() throws IOException;
}
