package dev.muster.protocol.content;

import java.nio.ByteBuffer;
import java.security.DigestException;
import java.security.MessageDigest;

/// The names of blocks in a row, in one array: nothing on the heap for each.
public final class BlockHashes {
    private final byte[] hashes;

    BlockHashes(byte[] hashes) {
        this.hashes = hashes;
    }

    /// The names of whole blocks, position to limit, which are left alone. A block of zeros is seen and not hashed.
    public static BlockHashes of(ByteBuffer bytes) {
        int blocks = bytes.remaining() / Block.BYTES;
        if (bytes.remaining() % Block.BYTES != 0) {
            throw new IllegalArgumentException("expected whole blocks, not " + bytes.remaining() + " bytes");
        }
        MessageDigest digest = Hash.sha256();
        byte[] block = new byte[Block.BYTES];
        byte[] hashes = new byte[blocks * Hash.BYTES];
        for (int i = 0; i < blocks; i++) {
            bytes.get(bytes.position() + i * Block.BYTES, block);
            if (Block.isZero(ByteBuffer.wrap(block))) {
                Block.ZERO.put(ByteBuffer.wrap(hashes, i * Hash.BYTES, Hash.BYTES));
            } else {
                digest(digest, block, hashes, i * Hash.BYTES);
            }
        }
        return new BlockHashes(hashes);
    }

    public int size() {
        return hashes.length / Hash.BYTES;
    }

    public Hash get(int index) {
        return Hash.get(ByteBuffer.wrap(hashes, index * Hash.BYTES, Hash.BYTES));
    }

    /// All of them, one after the other; the array is this object's own.
    byte[] array() {
        return hashes;
    }

    private static void digest(MessageDigest digest, byte[] block, byte[] into, int at) {
        digest.update(block);
        try {
            int _ = digest.digest(into, at, Hash.BYTES);
        } catch (DigestException e) {
            throw new IllegalStateException("a SHA-256 has 32 bytes", e);
        }
    }
}
