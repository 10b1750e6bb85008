package dev.muster.protocol.content;

import java.nio.ByteBuffer;

/// The unit of deduplication and verification: 4,096 bytes of the guest's disk.
public final class Block {
    public static final int BYTES = 4096;
    private static final byte[] ZEROS = new byte[BYTES];

    /// The name of the block of zeros. Such a block is an extent of its own kind and never in a chunk.
    public static final Hash ZERO = Hash.of(ZEROS);

    private Block() {}

    /// How many blocks `bytes` take, the last one perhaps partly.
    public static long count(long bytes) {
        return Math.ceilDiv(bytes, (long) BYTES);
    }

    /// Whether everything between position and limit is zero. Compared 8 bytes at a time by the JDK's intrinsic.
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
