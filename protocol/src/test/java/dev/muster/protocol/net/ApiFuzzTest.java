package dev.muster.protocol.net;

import dev.muster.protocol.content.Hash;
import dev.muster.protocol.fuzz.Fuzzed;
import dev.muster.protocol.fuzz.Fuzzing;
import dev.muster.protocol.trust.key.Request;
import dev.muster.protocol.trust.key.SigningKey;
import dev.muster.protocol.trust.key.Subject.Role;
import dev.muster.protocol.trust.key.VerifyKey;
import dev.muster.protocol.wire.Address;
import dev.muster.protocol.wire.PeerAddress;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// What hosts and coordinators say to each other.
final class ApiFuzzTest implements Fuzzed {
    private final FleetFixture fleet = new FleetFixture("test");
    private final TreeMap<String, String> labels = new TreeMap<>(Map.of("role", "web"));

    @Override
    public List<Fuzzing> targets() throws Exception {
        EnrolRequest request =
                EnrolRequest.of("token", SigningKey.generate(SigningKey.TLS), "10.0.0.1:7410", "site", labels);
        Membership membership = new Membership("site", new TreeMap<>(Map.of("site", "site")));
        Enrolment enrolment = new Enrolment(
                "h1",
                fleet.keys("h1", Role.HOST).newest().orElseThrow().chain(),
                membership,
                List.of(new Address("10.0.0.1", 7401)),
                "c1");
        PeerList peers = new PeerList(List.of(new PeerAddress("h1", "site", new Address("10.0.0.1", 7410))));
        AuditEntry entry =
                new AuditEntry(1, 2, "muster://test/operator/anna", "POST /v1/pins", "done", Hash.of(new byte[0]));
        return List.of(
                // As the coordinator reads a request to join: the key's proof too.
                Fuzzing.of("enrol-request", List.of(request.encode()), ApiFuzzTest::join),
                Fuzzing.of("enrolment", List.of(enrolment.encode()), Enrolment::decode),
                Fuzzing.of("membership", List.of(membership.encode()), Membership::decode),
                Fuzzing.of("peers", List.of(peers.encode()), PeerList::decode),
                Fuzzing.of("audit-page", List.of(AuditEntry.encodePage(List.of(entry))), AuditEntry::decodePage),
                Fuzzing.of("documents", List.of(new Documents(3, List.of()).encode()), Documents::decode),
                Fuzzing.of("releases", List.of(new ReleaseList(3, List.of()).encode()), ReleaseList::decode));
    }

    private static void join(byte[] bytes) throws IOException {
        ByteBuffer csr = EnrolRequest.decode(bytes).csr();
        byte[] request = new byte[csr.remaining()];
        csr.get(request);
        VerifyKey _ = Request.verify(request);
    }
}
