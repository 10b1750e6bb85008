package dev.muster.chunkstore.assemble;

import dev.muster.protocol.MusterException.TargetRefused;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;

/// The file or block device that an image is being written to; nobody else writes to it meanwhile. Reading and writing
/// are safe for many threads. Closing without [#commit] leaves a file as it was before.
public sealed interface Target extends Closeable permits FileTarget, DeviceTarget {

    /// Takes what is called `path` to write an image of `length` bytes to it. A block device is written in place;
    /// of a file a new version is made, which takes its place on [#commit]. Links are followed.
    ///
    /// @throws TargetRefused if it is too small, in use, or nothing that an image can be written to
    static Target open(Path path, long length) throws IOException {
        if (Files.isSymbolicLink(path) && !Files.exists(path)) {
            throw new TargetRefused("target " + path + ": expected a file or block device, found a link to nothing");
        }
        Path real = Files.exists(path) ? path.toRealPath() : path.toAbsolutePath();
        if (BlockDevices.isBlockDevice(real)) {
            return DeviceTarget.open(real, length);
        }
        return FileTarget.open(real, length);
    }

    /// Whether it reads as zeros wherever nothing was written.
    boolean isBlank();

    /// Makes sure that so many bytes can be written.
    ///
    /// @throws TargetRefused if they cannot
    void reserve(long bytes) throws IOException;

    /// Fills `out`, position to limit, from the bytes at `at`.
    void read(ByteBuffer out, long at) throws IOException;

    /// Writes `bytes`, position to limit.
    void write(ByteBuffer bytes, long at) throws IOException;

    /// Returns when everything written is on the disk, and in the case of a file, under its name.
    void commit() throws IOException;
}
