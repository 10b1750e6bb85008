package dev.muster.chunkstore.pack;

import dev.muster.protocol.content.Block;
import dev.muster.protocol.content.ChunkHeader;
import java.nio.ByteBuffer;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/// Buffers of 1 MiB that are used over and over: as many as were ever in use at once. They lie outside the
/// heap, where files are read into without a copy and zstd takes its input from. For many threads.
final class Buffers {
    /// How many blocks a buffer holds.
    static final int BLOCKS = ChunkHeader.BLOCKS_MAX;

    private final Queue<ByteBuffer> idle = new ConcurrentLinkedQueue<>();

    /// An empty buffer, for [#release] when it is done with.
    ByteBuffer take() {
        ByteBuffer buffer = idle.poll();
        return buffer == null ? ByteBuffer.allocateDirect(BLOCKS * Block.BYTES) : buffer.clear();
    }

    void release(ByteBuffer buffer) {
        idle.add(buffer);
    }
}
