package dev.muster.protocol.trust.document;

import dev.muster.protocol.content.Hash;
import dev.muster.protocol.fuzz.Fuzzed;
import dev.muster.protocol.fuzz.Fuzzing;
import dev.muster.protocol.trust.key.Subject;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Envelopes as anybody may send them, and payloads as one who holds the key may sign them: signatures are left out, as
/// no mutation would find one.
final class DocumentFuzzTest implements Fuzzed {
    private final FleetFixture fleet = FleetFixture.plain();
    private final Envelope root = fleet.root.sign(List.of(fleet.rootKey));
    private final Envelope release = FleetFixture.release("web", "1", 1).sign(List.of(fleet.releaseKey));
    private final Envelope pin =
            fleet.pin(fleet.director, 1).label("role", "web").draft().sign(List.of(fleet.director));

    @Override
    public List<Fuzzing> targets() {
        Revocations list = Revocations.none()
                .withRelease(Hash.of(new byte[] {1}), 1)
                .withFloor("web", 3, 2)
                .withMember(Subject.Role.HOST, "h1", 3);
        Freshness freshness = new Freshness(
                fleet.director.id(),
                3,
                new Freshness.Span(1, 1000),
                new Freshness.Newest(1, 3, new TreeMap<>(Map.of(fleet.director.id(), 7L))));
        return List.of(
                Fuzzing.of("envelope", List.of(root.encode(), release.encode(), pin.encode()), Envelope::decode),
                payload(root, Root::unverified),
                payload(release, Release::unverified),
                payload(pin, Pin::unverified),
                payload(list.sign(List.of(fleet.releaseKey)), Revocations::unverified),
                payload(freshness.sign(List.of(fleet.director)), Freshness::unverified),
                payload(GoldenDocumentsTest.report().sign(fleet.director), HostReport::unverified));
    }

    private interface Reading {
        Object read(Envelope envelope) throws IOException;
    }

    private static Fuzzing payload(Envelope seed, Reading reading) {
        byte[] signed = seed.signedBytes();
        int zero = 0;
        while (signed[zero] != 0) {
            zero++;
        }
        byte[] payload = Arrays.copyOfRange(signed, zero + 1 + Integer.BYTES, signed.length);
        return Fuzzing.of(
                seed.type().toString(),
                List.of(payload),
                bytes -> reading.read(Envelope.sign(seed.type(), bytes, List.of())));
    }
}
