package dev.muster.protocol.content;

import dev.muster.protocol.MusterException.Corrupt;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// The block hashes of one chunk, in order. What a chunk is, without its bytes: it names the chunk and verifies every
/// block of it alone.
public final class ChunkHeader {
    /// 1 MiB of blocks.
    public static final int BLOCKS_MAX = 256;

    private static final byte[] DOMAIN = {'M', 'C', '1'};

    private final byte[] hashes;
    /// Computed when it is first asked for; threads that ask at once compute the same.
    private @Nullable ChunkId id;

    private ChunkHeader(byte[] hashes) {
        this.hashes = hashes;
    }

    /// @param hashes 1 to 256 hashes of 32 bytes, one after the other
    /// @throws Corrupt if that is not their length
    public static ChunkHeader of(byte[] hashes) throws Corrupt {
        if (hashes.length == 0 || hashes.length % Hash.BYTES != 0 || hashes.length > BLOCKS_MAX * Hash.BYTES) {
            throw new Corrupt("chunk header: expected 1 to 256 hashes of 32 bytes, found " + hashes.length + " bytes");
        }
        return new ChunkHeader(hashes.clone());
    }

    /// The header that `bytes` (whole blocks, position to limit) have.
    public static ChunkHeader hash(ByteBuffer bytes) {
        int blocks = bytes.remaining() / Block.BYTES;
        if (blocks == 0 || blocks > BLOCKS_MAX || bytes.remaining() % Block.BYTES != 0) {
            throw new IllegalArgumentException(
                    "a chunk has 1 to 256 whole blocks, not " + bytes.remaining() + " bytes");
        }
        return new ChunkHeader(BlockHashes.of(bytes).array());
    }

    public int blocks() {
        return hashes.length / Hash.BYTES;
    }

    /// How many bytes the chunk's blocks are.
    public int rawBytes() {
        return blocks() * Block.BYTES;
    }

    public int frames() {
        return Math.ceilDiv(blocks(), Frame.BLOCKS);
    }

    public Hash block(int index) {
        return Hash.get(ByteBuffer.wrap(hashes, index * Hash.BYTES, Hash.BYTES));
    }

    public ChunkId id() {
        ChunkId known = id;
        if (known == null) {
            int n = blocks();
            known = new ChunkId(Hash.of(DOMAIN, new byte[] {(byte) n, (byte) (n >> 8)}, hashes));
            id = known;
        }
        return known;
    }

    /// The first block, counted from `firstBlock`, that is not what this header says, or -1.
    ///
    /// @param bytes whole blocks, position to limit
    public int firstWrong(int firstBlock, ByteBuffer bytes) {
        byte[] found = BlockHashes.of(bytes).array();
        int at = firstBlock * Hash.BYTES;
        int wrong = Arrays.mismatch(found, 0, found.length, hashes, at, at + found.length);
        return wrong < 0 ? -1 : firstBlock + wrong / Hash.BYTES;
    }

    public byte[] toBytes() {
        return hashes.clone();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ChunkHeader header && Arrays.equals(hashes, header.hashes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(hashes);
    }

    @Override
    public String toString() {
        return "ChunkHeader[" + id() + ", " + blocks() + " blocks]";
    }
}
