package dev.muster.agent.enrol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.muster.protocol.MusterException.Reason;
import dev.muster.protocol.MusterException.Refused;
import dev.muster.protocol.trust.document.Envelope;
import dev.muster.protocol.trust.document.FleetFixture;
import dev.muster.protocol.trust.document.RootChain;
import dev.muster.protocol.trust.key.FleetCa;
import dev.muster.protocol.trust.key.Subject;
import dev.muster.protocol.trust.key.TlsIdentity;
import dev.muster.protocol.trust.key.Validity;
import dev.muster.protocol.wire.Address;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class MemberTest {
    private static final Duration DAY = Duration.ofDays(1);

    @TempDir
    Path home;

    private final Instant lastWeek = Instant.now().minus(Duration.ofDays(7));
    private final FleetFixture fleet = FleetFixture.plain();
    private final FleetCa ca =
            fleet.caRoot.createIntermediate("lab", "c1", Validity.from(lastWeek, DAY.multipliedBy(30)));

    @Test
    void aPeerWhoseCertificateRanOutInAnOutageIsTrustedForTheDaysOfGrace() throws Exception {
        Subject peer = new Subject("lab", Subject.Role.HOST, "h2");
        TlsIdentity expired = ca.issueIdentity(peer, Set.of(), Validity.from(lastWeek, DAY));

        try (Member member = enrolled()) {
            assertEquals(peer, member.peerTrust().check(expired.chain()));
        }
    }

    @Test
    void aSiteThatIsNoNameIsRefusedAndNotKept() throws Exception {
        SortedMap<String, String> labels = new TreeMap<>(Map.of("site", "Rack/7"));
        try (Member member = enrolled()) {
            Refused refused = assertThrows(Refused.class, () -> member.relabel(labels));

            assertEquals(Reason.MALFORMED, refused.reason());
            assertEquals("a", member.enrolled().site());
        }
        assertEquals("a", Enrolled.load(home).site());
    }

    private Member enrolled() throws IOException {
        Envelope root = fleet.root.sign(List.of(fleet.rootKey));
        List<Address> nobody = List.of(new Address("127.0.0.1", 1));
        new Enrolled(
                        "h1",
                        "lab",
                        new TreeMap<>(Map.of("site", "a")),
                        RootChain.of(root.hash(), List.of(root)),
                        nobody,
                        List.of())
                .save(home);
        ca.issueIdentity(new Subject("lab", Subject.Role.HOST, "h1"), Set.of(), Validity.from(Instant.now(), DAY))
                .save(home.resolve("identity.pem"));
        return Member.load(home);
    }
}
