package dev.muster.chunkstore.pack;

import dev.muster.chunkstore.image.DiskImage;
import dev.muster.protocol.content.Block;
import java.io.IOException;
import java.nio.ByteBuffer;

/// Reads an image in whole blocks. For many threads.
record BlockReader(DiskImage image, Buffers buffers) {

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
