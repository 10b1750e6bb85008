package dev.muster.coordinator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.muster.protocol.Eventually;
import dev.muster.protocol.cluster.NoFleet;
import dev.muster.protocol.content.Hash;
import dev.muster.protocol.net.CoordinatorClient;
import dev.muster.protocol.trust.document.Beliefs;
import dev.muster.protocol.trust.document.Duties;
import dev.muster.protocol.trust.document.Envelope;
import dev.muster.protocol.trust.document.HostReport;
import dev.muster.protocol.trust.document.KeyRole;
import dev.muster.protocol.trust.document.Release;
import dev.muster.protocol.trust.document.Root;
import dev.muster.protocol.trust.document.RootChain;
import dev.muster.protocol.trust.document.Signers;
import dev.muster.protocol.trust.document.Type;
import dev.muster.protocol.trust.key.FleetCa;
import dev.muster.protocol.trust.key.SigningKey;
import dev.muster.protocol.trust.key.Subject;
import dev.muster.protocol.trust.key.TlsIdentity;
import dev.muster.protocol.trust.key.TlsKeys;
import dev.muster.protocol.trust.key.VerifyKey;
import dev.muster.protocol.wire.Address;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// A fleet of two coordinators, each of which goes on without the other.
final class CompanionTest extends WithCoordinator {
    private static final Address ANY_PORT = new Address("127.0.0.1", 0);

    private final SigningKey director = SigningKey.generate(SigningKey.HYBRID);
    private Path home = Path.of("");

    /// Its root names a second director, and its home is made as that of the first was.
    @BeforeEach
    void aSecondHomeIsMade() throws IOException {
        home = directory.resolve("second");
        Root now = fleet.root();
        List<Envelope> roots = List.copyOf(fleet.stranger().roots());
        CoordinatorHome.create(
                home,
                new Subject(now.fleet(), Subject.Role.COORDINATOR, "c2"),
                ANY_PORT,
                new CoordinatorHome.Means(FleetCa.load(fleet.made.keys().resolve("ca-root.pem")), roots, director),
                Instant.now());
        Map<KeyRole, Signers> roles = new EnumMap<>(now.roles());
        for (KeyRole role : List.of(KeyRole.DIRECTOR, KeyRole.FRESHNESS)) {
            List<VerifyKey> keys = new ArrayList<>(now.signers(role).keys().values());
            keys.add(director.verifyKey());
            roles.put(role, Signers.of(1, keys));
        }
        SigningKey rootKey = SigningKey.load(fleet.made.keys().resolve("root.pem"));
        Envelope next = now.next(roles, now.terms(), 5).sign(List.of(rootKey));
        String base64 = Base64.getEncoder().encodeToString(next.encode());
        fleet.operator().post("/v1/documents", "{\"document\":\"" + base64 + "\"}");
    }

    @Test
    void oneGoesOnAloneWithAllThatTheOtherKnew() throws Exception {
        JoinedHost host = JoinedHost.join(fleet, fleet.token(), Map.of("role", "web"));
        fleet.publish("web", "1", 1);
        fleet.operator().post("/v1/pins", "{\"ref\":\"web:1\"}");
        fleet.operator().put("/v1/groups/webs", "{\"match\":{\"role\":\"web\"}}");
        try (Coordinator second = second()) {
            CoordinatorClient operator = client(second, operatorKeys());
            eventuallyHas(operator, "/v1/images", "web:1");
            String later = release(fleet.publish("web", "2", 2));
            eventuallyHas(operator, "/v1/images", later);
            eventuallyHas(operator, "/v1/groups", "webs");
            eventuallyHas(operator, "/v1/status", host.id());

            fleet.stop();
            operator.post("/v1/pins", "{\"group\":\"webs\",\"ref\":\"web:2\"}");

            CoordinatorClient both =
                    CoordinatorClient.open(List.of(fleet.address(), second.address()), host.keys(), fleet.trust());
            List<Envelope> documents = both.documents(0, Duration.ZERO).envelopes();
            assertEquals(
                    2,
                    documents.stream().filter(each -> each.type() == Type.PIN).count(),
                    "none is lost");
            assertEquals(later, runs(documents, host).toString());
            HostReport report = host.report(1, HostReport.State.READY);
            assertEquals("web", both.report(report.sign(host.key)).labels().get("role"));
            assertEquals(host.id(), both.renew(host.key).host());
            both.close();
            operator.close();
        }
    }

    @Test
    void whoComesBackLearnsWhatHappenedAndOrdersAfterIt() throws Exception {
        JoinedHost host = JoinedHost.join(fleet, fleet.token(), Map.of("role", "web"));
        String first = release(fleet.publish("web", "1", 1));
        String later = release(fleet.publish("web", "2", 2));
        try (Coordinator second = second()) {
            CoordinatorClient operator = client(second, operatorKeys());
            eventuallyHas(operator, "/v1/images", later);
            fleet.stop();
            operator.post("/v1/pins", "{\"ref\":\"web:2\"}");

            fleet.goOnBeside(second.address());
            CoordinatorClient old = fleet.operator();
            eventuallyHas(old, "/v1/status", later);
            old.post("/v1/pins", "{\"ref\":\"web:1\"}");

            List<Envelope> documents =
                    fleet.client(host.keys()).documents(0, Duration.ZERO).envelopes();
            assertEquals(first, runs(documents, host).toString());
            operator.close();
        }
    }

    private Coordinator second() throws IOException {
        CoordinatorConfig config = CoordinatorConfig.defaults(home)
                .withAddress(ANY_PORT)
                .withRuntime(directory.resolve("run"))
                .withOthers(new CoordinatorConfig.Others(List.of(), List.of(fleet.address())));
        return Coordinator.open(config, Coordinator.keys(home), new NoFleet(), InstantSource.system());
    }

    private CoordinatorClient client(Coordinator at, TlsKeys keys) {
        return CoordinatorClient.open(List.of(at.address()), keys, fleet.trust());
    }

    private TlsKeys operatorKeys() throws IOException {
        return new TlsKeys(TlsIdentity.load(fleet.made.operator().resolve("operator.pem")));
    }

    private static void eventuallyHas(CoordinatorClient client, String path, String text) throws Exception {
        Eventually.eventually(path + " has " + text, () -> has(client, path, text));
    }

    private static boolean has(CoordinatorClient client, String path, String text) {
        try {
            return client.get(path).contains(text);
        } catch (IOException _) {
            return false;
        }
    }

    private static String release(String image) throws IOException {
        JsonNode view = JSON.readTree(image);
        return view.path("release").asText();
    }

    /// What a host decides that hears of these.
    private Hash runs(List<Envelope> documents, JoinedHost host) throws IOException {
        long now = System.currentTimeMillis();
        Beliefs beliefs = Beliefs.of(RootChain.of(
                fleet.made.root(),
                documents.stream().filter(each -> each.type() == Type.ROOT).toList()));
        for (Envelope each : documents) {
            if (beliefs.judge(each, now) instanceof Beliefs.Verdict.Believed(Beliefs next)) {
                beliefs = next;
            }
        }
        Duties.Self self =
                new Duties.Self(host.id(), Map.of("role", "web", "site", "rome"), Release.Fit.any(), Map.of());
        Duties duties = beliefs.decide(self, now);
        assertTrue(duties.refused().isEmpty(), duties.toString());
        return Optional.ofNullable(duties.run().get("web"))
                .orElseThrow()
                .release()
                .hash();
    }
}
