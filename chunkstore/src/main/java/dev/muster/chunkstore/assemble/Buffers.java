package dev.muster.chunkstore.assemble;

import dev.muster.protocol.content.Block;
import dev.muster.protocol.content.ChunkHeader;
import java.nio.ByteBuffer;
import java.util.concurrent.ConcurrentLinkedQueue;

/// Memory for a chunk's blocks, outside the heap and aligned to blocks, so that a device can read and write
/// it itself. As many as are in use at a time. For many threads.
final class Buffers {
    private static final int BYTES = ChunkHeader.BLOCKS_MAX * Block.BYTES;

    private final ConcurrentLinkedQueue<ByteBuffer> idle = new ConcurrentLinkedQueue<>();

    /// A buffer of 1 MiB, whose content is anything.
    ByteBuffer take() {
        ByteBuffer buffer = idle.poll();
        return buffer == null ? allocate(BYTES) : buffer.clear();
    }

    void giveBack(ByteBuffer buffer) {
        idle.add(buffer);
    }

    /// Zeros that nobody else has.
    static ByteBuffer allocate(int bytes) {
        return ByteBuffer.allocateDirect(bytes + Block.BYTES)
                .alignedSlice(Block.BYTES)
                .slice(0, bytes);
    }
}
