package dev.muster.protocol.content;

import java.nio.ByteBuffer;

/// The unit of deduplication and verification: 4,096 bytes of the guest's disk.
public final class Block {
    public static final int BYTES = 4096;
    private static final byte[] ZEROS = new byte[BYTES];

    /// The name of the block of zeros. Such a block is an extent of its own kind and never in a chunk.
    public static final Hash ZERO = Hash.of(ZEROS);

    /// One block in so many is a hook.
    private static final int HOOK_EVERY = 32;

    private Block() {}

    /// Whether the block of this name is a *hook*, by which images that share blocks find each other: the
    /// name, taken as a big-endian number, is a multiple of 32, so its last five bits are zero. About one
    /// block in 32 is one, and it is the same one everywhere. The block of zeros is none.
    public static boolean isHook(Hash name) {
        return name.d() % HOOK_EVERY == 0 && !name.equals(ZERO);
    }

    /// How many blocks `bytes` take, the last one perhaps partly.
    public static long count(long bytes) {
        return Math.ceilDiv(bytes, (long) BYTES);
    }

    /// Whether everything between position and limit is zero. Compared 8 bytes at a time by the JDK's
    /// intrinsic.
    public static boolean isZero(ByteBuffer bytes) {
        ByteBuffer zeros = ByteBuffer.wrap(ZEROS);
        int end = bytes.limit();
        for (int at = bytes.position(); at < end; at += BYTES) {
            int length = Math.min(BYTES, end - at);
            if (bytes.slice(at, length).mismatch(zeros.slice(0, length)) >= 0) {
                return false;
            }
        }
        return true;
    }
}
