package dev.muster.protocol.content;

import dev.muster.protocol.MusterException.Corrupt;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.Arrays;

/// The block hashes of one chunk, in order. What a chunk is, without its bytes: it names the chunk and verifies every
/// block of it alone.
public final class ChunkHeader {
    /// 1 MiB of blocks.
    public static final int BLOCKS_MAX = 256;

    private static final byte[] DOMAIN = {'M', 'C', '1'};

    private final byte[] hashes;

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
        MessageDigest digest = Hash.sha256();
        byte[] hashes = new byte[blocks * Hash.BYTES];
        for (int i = 0; i < blocks; i++) {
            digest.update(bytes.slice(bytes.position() + i * Block.BYTES, Block.BYTES));
            System.arraycopy(digest.digest(), 0, hashes, i * Hash.BYTES, Hash.BYTES);
        }
        return new ChunkHeader(hashes);
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
        int n = blocks();
        return new ChunkId(Hash.of(DOMAIN, new byte[] {(byte) n, (byte) (n >> 8)}, hashes));
    }

    /// The first block, counted from `firstBlock`, that is not what this header says, or -1.
    ///
    /// @param bytes whole blocks, position to limit
    public int firstWrong(int firstBlock, ByteBuffer bytes) {
        MessageDigest digest = Hash.sha256();
        int blocks = bytes.remaining() / Block.BYTES;
        for (int i = 0; i < blocks; i++) {
            digest.update(bytes.slice(bytes.position() + i * Block.BYTES, Block.BYTES));
            int at = (firstBlock + i) * Hash.BYTES;
            if (!Arrays.equals(digest.digest(), 0, Hash.BYTES, hashes, at, at + Hash.BYTES)) {
                return firstBlock + i;
            }
        }
        return -1;
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
