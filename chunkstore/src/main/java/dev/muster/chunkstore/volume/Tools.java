package dev.muster.chunkstore.volume;

import dev.muster.chunkstore.assemble.Work;
import dev.muster.chunkstore.codec.FrameCodec;
import dev.muster.protocol.content.Block;
import java.util.concurrent.Executor;

/// What volumes are read and written with.
///
/// @param codec makes frames of blocks; the caller closes it, after the volumes
/// @param executor does the reading, hashing and writing
/// @param atOnce how many chunks are worked on at a time
/// @param windowBytes how much of a target is overwritten between one force and the next. Up to twice as much
///     is written to the store meanwhile, and kept in memory, while blocks are moved
public record Tools(FrameCodec codec, Executor executor, int atOnce, int windowBytes) {
    private static final int WINDOW_BYTES_MAX = 256 << 20;

    public Tools {
        if (atOnce < 1 || windowBytes < Block.BYTES || windowBytes > WINDOW_BYTES_MAX) {
            throw new IllegalArgumentException("a volume is written in windows of 4 KiB to 256 MiB, not " + windowBytes
                    + " bytes, by one or more at once, not " + atOnce);
        }
    }

    /// With windows of 32 MiB.
    public Tools(FrameCodec codec, Executor executor, int atOnce) {
        this(codec, executor, atOnce, 32 << 20);
    }

    int windowBlocks() {
        return windowBytes / Block.BYTES;
    }

    Work work() {
        return new Work(executor, atOnce);
    }
}
