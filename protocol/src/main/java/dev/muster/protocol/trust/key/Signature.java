package dev.muster.protocol.trust.key;

import java.nio.ByteBuffer;
import java.util.Comparator;

/// One signer's signature by one algorithm.
///
/// @param bytes in the algorithm's own form, at most [Algorithm#SIGNATURE_BYTES_MAX]; the accessor returns a view
public record Signature(KeyId key, Algorithm algorithm, ByteBuffer bytes) implements Comparable<Signature> {
    private static final Comparator<Signature> ORDER =
            Comparator.comparing(Signature::key).thenComparing(Signature::algorithm);

    public Signature {
        if (!bytes.hasRemaining() || bytes.remaining() > Algorithm.SIGNATURE_BYTES_MAX) {
            throw new IllegalArgumentException(
                    "a signature has 1 to " + Algorithm.SIGNATURE_BYTES_MAX + " bytes, not " + bytes.remaining());
        }
        bytes = ByteBuffer.allocate(bytes.remaining())
                .put(bytes.duplicate())
                .flip()
                .asReadOnlyBuffer();
    }

    @Override
    public ByteBuffer bytes() {
        return bytes.duplicate();
    }

    byte[] toBytes() {
        byte[] out = new byte[bytes.remaining()];
        bytes().get(out);
        return out;
    }

    /// By key, then by algorithm: the order in which a document carries them.
    @Override
    public int compareTo(Signature other) {
        return ORDER.compare(this, other);
    }
}
