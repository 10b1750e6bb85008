package dev.muster.chunkstore.image;

import dev.muster.protocol.content.ImageShape;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;

/// A disk or file to be published, as its guest reads it. Safe for many threads until it is closed.
public interface DiskImage extends Closeable {
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
}
