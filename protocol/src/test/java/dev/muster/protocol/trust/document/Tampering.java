package dev.muster.protocol.trust.document;

import dev.muster.protocol.MusterException.Refused;
import dev.muster.protocol.trust.key.Signature;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;

/// Documents as an attacker writes them.
final class Tampering {
    private Tampering() {}

    /// The same payload with exactly these signatures, in the order that a document has them in.
    static Envelope with(Envelope envelope, List<Signature> signatures) {
        try {
            return Envelope.decode(bytes(envelope, signatures.stream().sorted().toList()));
        } catch (Refused e) {
            throw new AssertionError(e);
        }
    }

    /// The same payload with these signatures in this order.
    static byte[] bytes(Envelope envelope, List<Signature> signatures) {
        byte[] bytes = envelope.encode();
        int tail = envelope.signatures().stream()
                .mapToInt(s -> 35 + s.bytes().remaining())
                .sum();
        ByteBuffer out = ByteBuffer.allocate(Envelope.BYTES_MAX).order(ByteOrder.LITTLE_ENDIAN);
        out.put(bytes, 0, bytes.length - tail - 1).put((byte) signatures.size());
        for (Signature signature : signatures) {
            out.put(signature.key().hash().toBytes())
                    .put((byte) signature.algorithm().code())
                    .putShort((short) signature.bytes().remaining())
                    .put(signature.bytes());
        }
        return Arrays.copyOf(out.array(), out.position());
    }
}
