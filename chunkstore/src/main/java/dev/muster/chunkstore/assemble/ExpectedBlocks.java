package dev.muster.chunkstore.assemble;

import dev.muster.protocol.content.Block;
import dev.muster.protocol.content.ChunkHeader;
import dev.muster.protocol.content.Extent;
import dev.muster.protocol.content.Hash;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.BitSet;

/// What blocks should be. For many threads.
record ExpectedBlocks(Headers headers) {
    /// The hash that the first block of an extent should have.
    Hash hash(Extent extent) throws IOException {
        return switch (extent.kind()) {
            case ZERO, HOLE -> Block.ZERO;
            case CHUNK -> headers.get(extent.chunk()).block(extent.blockInChunk());
        };
    }

    /// Which blocks of an extent are not what they should be.
    ///
    /// @param bytes what they are, from position 0 to the limit
    BitSet wrong(Extent extent, ByteBuffer bytes) throws IOException {
        BitSet wrong = new BitSet();
        switch (extent.kind()) {
            case ZERO, HOLE -> {
                for (int i = 0; i < extent.blocks(); i++) {
                    wrong.set(i, !Block.isZero(bytes.slice(i * Block.BYTES, Block.BYTES)));
                }
            }
            case CHUNK -> {
                ChunkHeader header = headers.get(extent.chunk());
                int first = extent.blockInChunk();
                if (Block.isZero(bytes)) {
                    // A target that nobody wrote to yet need not be hashed.
                    for (int i = 0; i < extent.blocks(); i++) {
                        wrong.set(i, !header.block(first + i).equals(Block.ZERO));
                    }
                    return wrong;
                }
                int next = header.firstWrong(first, bytes);
                while (next >= 0) {
                    wrong.set(next - first);
                    ByteBuffer rest = bytes.position((next - first + 1) * Block.BYTES);
                    next = header.firstWrong(next + 1, rest);
                }
            }
        }
        return wrong;
    }
}
