package dev.muster.protocol.content;

import java.nio.ByteBuffer;

/// Up to 32 blocks of a chunk as they are stored and sent: one zstd frame, or the blocks themselves where compression
/// gains too little. The smallest thing that is sent; its compression is no part of any name.
///
/// @param codec how `bytes` hold the blocks
/// @param bytes position to limit, read only, at most [#RAW_BYTES]: a frame that does not shrink is sent raw
public record Frame(Codec codec, ByteBuffer bytes) {
    public static final int BLOCKS = 32;
    public static final int RAW_BYTES = BLOCKS * Block.BYTES;
    public static final int PER_CHUNK_MAX = ChunkHeader.BLOCKS_MAX / BLOCKS;

    public Frame {
        if (bytes.remaining() == 0 || bytes.remaining() > RAW_BYTES) {
            throw new IllegalArgumentException("a frame has 1 to " + RAW_BYTES + " bytes, not " + bytes.remaining());
        }
        bytes = bytes.asReadOnlyBuffer();
    }

    /// How a frame holds its blocks.
    public enum Codec {
        RAW,
        ZSTD
    }

    /// A view of the bytes that the caller may consume.
    public ByteBuffer view() {
        return bytes.duplicate();
    }

    public int length() {
        return bytes.remaining();
    }

    /// How many blocks frame `index` of a chunk of `chunkBlocks` holds.
    public static int blocksOf(int index, int chunkBlocks) {
        return Math.min(BLOCKS, chunkBlocks - index * BLOCKS);
    }
}
