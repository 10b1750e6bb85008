package dev.muster.protocol.trust.document;

import dev.muster.protocol.fuzz.Fuzzing;
import dev.muster.protocol.trust.key.SigningKey;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class DocumentFuzzTest {
    private final FleetFixture fleet = FleetFixture.plain();
    private final Envelope root = fleet.root.sign(List.of(fleet.rootKey));
    private final Envelope release = FleetFixture.release("web", "1", 1).sign(List.of(fleet.releaseKey));
    private final Envelope pin =
            fleet.pin(fleet.director, 1).label("role", "web").draft().sign(List.of(fleet.director));

    @Test
    void envelopes() {
        Fuzzing.of(DocumentFuzzTest.class, "envelope", List.of(root.encode(), release.encode(), pin.encode()))
                .run(bytes -> {
                    Envelope envelope = Envelope.decode(bytes);
                    Root.parse(envelope);
                    Release.unverified(envelope);
                });
    }

    /// As one who holds the key may sign anything.
    @Test
    void whatARootSays() {
        fuzz("root", root, fleet.rootKey, Root::parse);
    }

    @Test
    void whatAReleaseSays() {
        fuzz("release", release, fleet.releaseKey, envelope -> Release.verify(envelope, fleet.root));
    }

    @Test
    void whatAPinSays() {
        fuzz("pin", pin, fleet.director, envelope -> Pin.verify(envelope, fleet.root));
    }

    private interface Reading {
        Object read(Envelope envelope) throws IOException;
    }

    private static void fuzz(String target, Envelope seed, SigningKey key, Reading reading) {
        Fuzzing.of(DocumentFuzzTest.class, target, List.of(payload(seed)))
                .run(payload -> reading.read(Envelope.sign(seed.type(), payload, List.of(key))));
    }

    /// What follows the domain, a zero and the length.
    private static byte[] payload(Envelope envelope) {
        byte[] signed = envelope.signedBytes();
        int zero = 0;
        while (signed[zero] != 0) {
            zero++;
        }
        return Arrays.copyOfRange(signed, zero + 1 + Integer.BYTES, signed.length);
    }
}
