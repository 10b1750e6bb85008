package dev.muster.protocol.net;

import dev.muster.protocol.fuzz.Fuzzing;
import dev.muster.protocol.trust.key.Certificates;
import dev.muster.protocol.trust.key.SigningKey;
import dev.muster.protocol.trust.key.Subject.Role;
import dev.muster.protocol.wire.Address;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class ApiFuzzTest {
    private final FleetFixture fleet = new FleetFixture("test");
    private final TreeMap<String, String> labels = new TreeMap<>(Map.of("role", "web"));

    @Test
    void requestsToJoin() {
        EnrolRequest request =
                EnrolRequest.of("token", SigningKey.generate(SigningKey.TLS), "10.0.0.1:7410", "site", labels);
        Fuzzing.of(ApiFuzzTest.class, "enrol-request", List.of(request.encode()))
                .run(EnrolRequest::decode);
    }

    @Test
    void enrolments() throws Exception {
        Enrolment enrolment = new Enrolment(
                "h1",
                fleet.keys("h1", Role.HOST).newest().orElseThrow().chain(),
                new Membership("site", new TreeMap<>(Map.of("site", "site"))),
                List.of(new Address("10.0.0.1", 7401)),
                "c1");
        Fuzzing.of(ApiFuzzTest.class, "enrolment", List.of(enrolment.encode())).run(Enrolment::decode);
    }

    @Test
    void certificates() throws Exception {
        byte[] chain = Certificates.encode(
                fleet.keys("h1", Role.HOST).newest().orElseThrow().chain());
        Fuzzing.of(ApiFuzzTest.class, "certificates", List.of(chain)).run(Certificates::decode);
    }

    @Test
    void listsOfDocuments() {
        Fuzzing.of(ApiFuzzTest.class, "documents", List.of(new Documents(3, List.of()).encode()))
                .run(Documents::decode);
        Fuzzing.of(ApiFuzzTest.class, "releases", List.of(new ReleaseList(3, List.of()).encode()))
                .run(ReleaseList::decode);
    }
}
