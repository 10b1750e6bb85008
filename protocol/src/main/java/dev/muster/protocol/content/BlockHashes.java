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

    /// The names of whole blocks, position to limit, which are left alone. A block of zeros is seen and not
    /// hashed.
    public static BlockHashes of(ByteBuffer bytes) {
        int blocks = bytes.remaining() / Block.BYTES;
        if (bytes.remaining() % Block.BYTES != 0) {
            throw new IllegalArgumentException("expected whole blocks, not " + bytes.remaining() + " bytes");
        }
        MessageDigest digest = Hash.sha256();
        byte[] copy = new byte[bytes.hasArray() ? 0 : Block.BYTES];
        byte[] hashes = new byte[blocks * Hash.BYTES];
        for (int i = 0; i < blocks; i++) {
            ByteBuffer block = bytes.slice(bytes.position() + i * Block.BYTES, Block.BYTES);
            if (Block.isZero(block)) {
                Block.ZERO.put(ByteBuffer.wrap(hashes, i * Hash.BYTES, Hash.BYTES));
            } else if (block.hasArray()) {
                digest.update(block.array(), block.arrayOffset(), Block.BYTES);
                digest(digest, hashes, i * Hash.BYTES);
            } else {
                // A digest would copy it too, into an array that it makes anew for each.
                block.get(copy);
                digest.update(copy);
                digest(digest, hashes, i * Hash.BYTES);
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

    private static void digest(MessageDigest digest, byte[] into, int at) {
        try {
            int _ = digest.digest(into, at, Hash.BYTES);
        } catch (DigestException e) {
            throw new IllegalStateException("a SHA-256 has 32 bytes", e);
        }
    }
}
