package dev.muster.chunkstore.pack;

import dev.muster.chunkstore.image.DiskImage;
import dev.muster.protocol.content.Block;
import dev.muster.protocol.content.ChunkHeader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/// Reads whole blocks of an image into buffers of 1 MiB that are used over and over: as many as there are threads.
final class BlockReader {
    private final DiskImage image;
    private final Queue<ByteBuffer> idle = new ConcurrentLinkedQueue<>();

    BlockReader(DiskImage image) {
        this.image = image;
    }

    /// An empty buffer, for [#release] when it is done with.
    ByteBuffer take() {
        ByteBuffer buffer = idle.poll();
        return buffer == null ? ByteBuffer.allocate(ChunkHeader.BLOCKS_MAX * Block.BYTES) : buffer.clear();
    }

    void release(ByteBuffer buffer) {
        idle.add(buffer);
    }

    /// Puts blocks at the position of `into`. What of the last block lies beyond the image's end is zero.
    void read(long firstBlock, int blocks, ByteBuffer into) throws IOException {
        long offset = firstBlock * Block.BYTES;
        int length = blocks * Block.BYTES;
        int there = (int) Math.min(length, image.shape().length() - offset);
        image.read(offset, into.slice(into.position(), there));
        into.position(into.position() + there);
        into.put(new byte[length - there]);
    }
}
