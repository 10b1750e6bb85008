package dev.muster.coordinator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.muster.protocol.MusterException.BadConfiguration;
import dev.muster.protocol.MusterException.Corrupt;
import dev.muster.protocol.MusterException.Reason;
import dev.muster.protocol.MusterException.Refused;
import dev.muster.protocol.MusterException.StoreRefused;
import dev.muster.protocol.MusterException.Unknown;
import dev.muster.protocol.cluster.NoFleet;
import dev.muster.protocol.content.Hash;
import dev.muster.protocol.content.ImageFixture;
import dev.muster.protocol.content.ManifestHead;
import dev.muster.protocol.content.ManifestId;
import dev.muster.protocol.net.CoordinatorClient;
import dev.muster.protocol.net.Documents;
import dev.muster.protocol.trust.document.Envelope;
import dev.muster.protocol.trust.document.HostReport;
import dev.muster.protocol.trust.document.KeyRole;
import dev.muster.protocol.trust.document.Order;
import dev.muster.protocol.trust.document.Pin;
import dev.muster.protocol.trust.document.Release;
import dev.muster.protocol.trust.document.Root;
import dev.muster.protocol.trust.document.Signers;
import dev.muster.protocol.trust.document.Type;
import dev.muster.protocol.trust.key.SigningKey;
import dev.muster.protocol.trust.key.TlsIdentity;
import dev.muster.protocol.trust.key.TlsKeys;
import dev.muster.protocol.wire.Address;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

final class CoordinatorTest extends WithCoordinator {
    @Test
    void aSignedReleaseIsRegisteredAndItsHeadIsServed() throws IOException {
        JsonNode image = JSON.readTree(fleet.publish("web", "1", 1));

        JoinedHost host = JoinedHost.join(fleet);
        ManifestHead head =
                host.client.head(ManifestId.parse(image.get("manifest").asText()));
        Envelope release = host.client.document(Hash.parse(image.get("release").asText()));

        assertEquals(image.get("manifest").asText(), head.id().toString());
        assertEquals(
                "web:1", Release.verify(release, fleet.root()).document().name().toString());
    }

    @Test
    void aReleaseSignedByAnotherKeyIsRefusedAndNothingIsKept() throws IOException {
        ManifestHead head =
                ImageFixture.seeded(new SplittableRandom(1), 40).manifest().head();
        Envelope forged =
                RunningCoordinator.release("web", "1", 1, head).sign(List.of(SigningKey.generate(SigningKey.HYBRID)));

        assertRefused(Reason.NOT_SIGNED, () -> fleet.register(forged, head));

        assertEquals("{\"images\":[]}", fleet.operator().get("/v1/images"));
        JoinedHost host = JoinedHost.join(fleet);
        assertThrows(Unknown.class, () -> host.client.document(forged.hash()));
        assertThrows(Unknown.class, () -> host.client.head(head.id()));
    }

    @Test
    void aReleaseWithoutTheHeadThatItNamesIsRefused() throws IOException {
        ManifestHead head =
                ImageFixture.seeded(new SplittableRandom(1), 40).manifest().head();
        ManifestHead other =
                ImageFixture.seeded(new SplittableRandom(2), 40).manifest().head();
        Envelope release = RunningCoordinator.release("web", "1", 1, head).sign(List.of(fleet.releaseKey));

        assertThrows(Corrupt.class, () -> fleet.register(release, other));
    }

    @Test
    void aVersionOrACounterIsUsedOnce() throws IOException {
        fleet.publish("web", "1", 1);

        assertRefused(Reason.EQUIVOCATION, () -> fleet.publish("web", "1", 2));
        assertRefused(Reason.EQUIVOCATION, () -> fleet.publish("web", "2", 1));
        fleet.publish("web", "1", 1);
    }

    @Test
    void imagesAreFoundByNameVersionAndDigits() throws IOException {
        fleet.publish("web", "1", 1);
        JsonNode second = JSON.readTree(fleet.publish("web", "2", 2));
        String release = second.get("release").asText();
        String manifest = second.get("manifest").asText();

        for (String ref : List.of("web", "web:2", release, manifest, release.substring(0, 19))) {
            assertEquals(second, JSON.readTree(fleet.operator().get("/v1/images/" + ref)), ref);
        }
        assertThrows(Unknown.class, () -> fleet.operator().get("/v1/images/db"));
        assertThrows(Unknown.class, () -> fleet.operator().get("/v1/images/web:3"));
        assertThrows(BadConfiguration.class, () -> fleet.operator().get("/v1/images/sha256:abc"));
    }

    @Test
    void aPinWakesAHostThatWaits() throws Exception {
        fleet.publish("web", "1", 1);
        JoinedHost host = JoinedHost.join(fleet);
        Documents before = host.client.documents(0, Duration.ZERO);

        Future<Documents> waiting;
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            waiting = threads.submit(
                    (Callable<Documents>) () -> host.client.documents(before.revision(), Duration.ofSeconds(50)));
            fleet.operator().post("/v1/pins", "{\"ref\":\"web:1\"}");
        }

        Documents after = waiting.get();
        assertEquals(List.of(Type.ROOT, Type.FRESHNESS), types(before));
        assertEquals(List.of(Type.ROOT, Type.FRESHNESS, Type.PIN, Type.RELEASE), types(after));
        assertNotEquals(before.revision(), after.revision());
        Pin pin = Pin.verify(after.envelopes().get(2), fleet.root()).document();
        assertEquals(new Order.Run(after.envelopes().get(3).hash()), pin.order());
    }

    @Test
    void aHostThatHasEverythingGetsNothing() throws IOException {
        JoinedHost host = JoinedHost.join(fleet);
        Documents now = host.client.documents(0, Duration.ZERO);

        Documents again = host.client.documents(now.revision(), Duration.ZERO);

        assertEquals(now.revision(), again.revision());
        assertEquals(List.of(), again.envelopes());
    }

    @Test
    void statusSaysWhatHostsRunAndWhatIsPinned() throws IOException {
        JsonNode image = JSON.readTree(fleet.publish("web", "1", 1));
        JoinedHost host = JoinedHost.join(fleet);
        fleet.operator().post("/v1/pins", "{\"ref\":\"web\"}");
        Hash release = Hash.parse(image.get("release").asText());
        ManifestId manifest = ManifestId.parse(image.get("manifest").asText());

        JsonNode silent = status().get("hosts").get(0);
        host.reportRunning("web", release, manifest);
        JsonNode ready = status().get("hosts").get(0);

        assertEquals("silent", silent.get("state").asText());
        assertEquals(image.get("release"), silent.get("pinned").get("web").get("release"));
        assertEquals("ready", ready.get("state").asText());
        assertEquals(image.get("manifest"), ready.get("running").get("web").get("manifest"));
        assertEquals(
                List.of(
                        "id",
                        "site",
                        "address",
                        "labels",
                        "state",
                        "running",
                        "pinned",
                        "progress",
                        "received",
                        "sent",
                        "started",
                        "finished",
                        "error",
                        "images",
                        "rate",
                        "cpu"),
                List.copyOf(ready.properties().stream().map(Map.Entry::getKey).toList()));
        assertEquals(
                "[{\"id\":\"rome\",\"hosts\":1}]".length(),
                status().get("sites").toString().length());
        assertEquals("c1", status().get("coordinators").get(0).get("id").asText());
        fleet.advance(Duration.ofMinutes(1));
        assertEquals("silent", status().get("hosts").get(0).get("state").asText());
    }

    @Test
    void aRolloutFollowsItsHosts() throws IOException {
        JsonNode image = JSON.readTree(fleet.publish("web", "1", 1));
        JoinedHost one = JoinedHost.join(fleet);
        JoinedHost two = JoinedHost.join(fleet);
        JsonNode started = JSON.readTree(fleet.operator().post("/v1/rollouts", "{\"ref\":\"web\",\"group\":\"all\"}"));
        String path = "/v1/rollouts/" + started.get("id").asText();
        Hash release = Hash.parse(image.get("release").asText());
        ManifestId manifest = ManifestId.parse(image.get("manifest").asText());

        one.reportRunning("web", release, manifest);
        JsonNode half = JSON.readTree(fleet.operator().get(path));
        two.reportFailed("web", Hash.of(new byte[1]), manifest);
        JsonNode other = JSON.readTree(fleet.operator().get(path));
        two.reportFailed("db", release, manifest);
        JsonNode another = JSON.readTree(fleet.operator().get(path));
        two.reportFailed("web", release, manifest);
        JsonNode failed = JSON.readTree(fleet.operator().get(path));
        two.reportRunning("web", release, manifest);
        JsonNode done = JSON.readTree(fleet.operator().get(path));
        fleet.operator().post("/v1/pins", "{\"withdraw\":\"web\"}");
        JsonNode after = JSON.readTree(fleet.operator().get(path));

        assertEquals("running {\"all\":2,\"done\":1,\"failed\":0}", brief(half));
        assertEquals(brief(half), brief(other), "a failure with another release");
        assertEquals(brief(half), brief(another), "a failure with another image");
        assertEquals("failed {\"all\":2,\"done\":1,\"failed\":1}", brief(failed));
        assertEquals("done {\"all\":2,\"done\":2,\"failed\":0}", brief(done));
        assertEquals(done, after, "what is over stays as it ended");
    }

    @Test
    void aRolloutThatAnotherTakesThePlaceOfStaysAsFarAsItCame() throws IOException {
        JsonNode image = JSON.readTree(fleet.publish("web", "1", 1));
        JoinedHost one = JoinedHost.join(fleet);
        JoinedHost.join(fleet);
        JsonNode started = JSON.readTree(fleet.operator().post("/v1/rollouts", "{\"ref\":\"web\",\"group\":\"all\"}"));
        one.reportRunning(
                "web",
                Hash.parse(image.get("release").asText()),
                ManifestId.parse(image.get("manifest").asText()));

        fleet.advance(Duration.ofSeconds(7));
        fleet.operator().post("/v1/pins", "{\"withdraw\":\"web\"}");
        fleet.advance(Duration.ofSeconds(7));
        JsonNode superseded = JSON.readTree(
                fleet.operator().get("/v1/rollouts/" + started.get("id").asText()));

        assertEquals("superseded {\"all\":2,\"done\":1,\"failed\":0}", brief(superseded));
        double seconds = superseded.get("seconds").asDouble();
        assertTrue(seconds >= 7 && seconds < 14, () -> "it took until the other pin, not " + seconds);
    }

    @Test
    void aRolloutWhoseRecordCannotBeWrittenGoesOn() throws IOException {
        fleet.publish("web", "1", 1);
        JoinedHost host = JoinedHost.join(fleet);
        Files.delete(fleet.made.coordinator().resolve("rollouts"));

        JsonNode started = JSON.readTree(fleet.operator().post("/v1/rollouts", "{\"ref\":\"web\"}"));

        assertEquals(
                List.of(Type.ROOT, Type.FRESHNESS, Type.PIN, Type.RELEASE),
                types(host.client.documents(0, Duration.ZERO)));
        assertEquals(
                brief(started),
                brief(JSON.readTree(
                        fleet.operator().get("/v1/rollouts/" + started.get("id").asText()))));
    }

    @Test
    void aPinWhoseFormerOneCannotBeRemovedIsPublished() throws IOException {
        fleet.publish("web", "1", 1);
        JsonNode second = JSON.readTree(fleet.publish("web", "2", 2));
        fleet.operator().post("/v1/pins", "{\"ref\":\"web:1\"}");
        JoinedHost host = JoinedHost.join(fleet);
        Path former;
        try (Stream<Path> pins = Files.list(fleet.made.coordinator().resolve("pins"))) {
            former = pins.findFirst().orElseThrow();
        }
        Files.delete(former);
        Files.createDirectories(former.resolve("not-a-pin"));

        fleet.operator().post("/v1/pins", "{\"ref\":\"web:2\"}");

        Documents documents = host.client.documents(0, Duration.ZERO);
        assertEquals(List.of(Type.ROOT, Type.FRESHNESS, Type.PIN, Type.RELEASE), types(documents));
        assertEquals(
                second.get("release").asText(),
                documents.envelopes().get(3).hash().toString());
    }

    @Test
    void equalPrioritiesOnOverlappingGroupsAreRefused() throws IOException {
        fleet.publish("web", "1", 1);
        fleet.operator().put("/v1/groups/rack", "{\"match\":{\"rack\":\"a\"}}");
        fleet.operator().put("/v1/groups/tier", "{\"match\":{\"tier\":\"web\"}}");
        fleet.operator().put("/v1/groups/strong", "{\"match\":{\"tier\":\"web\"},\"priority\":500}");
        fleet.operator().post("/v1/pins", "{\"ref\":\"web\",\"group\":\"rack\"}");

        assertRefused(Reason.OVERLAP, () -> fleet.operator().post("/v1/pins", "{\"ref\":\"web\",\"group\":\"tier\"}"));
        fleet.operator().post("/v1/pins", "{\"ref\":\"web\",\"group\":\"strong\"}");
        fleet.operator().post("/v1/pins", "{\"ref\":\"web\",\"group\":\"all\"}");
    }

    @Test
    void aChangedLabelReachesTheHostWithItsNextReport() throws IOException {
        JoinedHost host = JoinedHost.join(fleet);

        fleet.operator().put("/v1/hosts/" + host.id(), "{\"labels\":{\"rack\":\"b\"}}");

        assertEquals(
                Map.of("rack", "b", "site", "rome"),
                host.report(HostReport.State.READY).labels());
    }

    @Test
    void everythingIsThereAfterARestart() throws IOException {
        JsonNode image = JSON.readTree(fleet.publish("web", "1", 1));
        JoinedHost host = JoinedHost.join(fleet);
        fleet.operator().put("/v1/groups/rack", "{\"match\":{\"rack\":\"a\"}}");
        fleet.operator().post("/v1/rollouts", "{\"ref\":\"web\"}");
        String images = fleet.operator().get("/v1/images");
        String groups = fleet.operator().get("/v1/groups");
        JsonNode rollout = JSON.readTree(fleet.operator().get("/v1/rollouts"))
                .get("rollouts")
                .get(0);
        JsonNode hosts = status().get("hosts");
        Documents documents = host.client.documents(0, Duration.ZERO);

        fleet.restart();

        assertEquals(images, fleet.operator().get("/v1/images"));
        assertEquals(groups, fleet.operator().get("/v1/groups"));
        JsonNode again = JSON.readTree(fleet.operator().get("/v1/rollouts"))
                .get("rollouts")
                .get(0);
        assertEquals(rollout.get("documents"), again.get("documents"));
        assertEquals(brief(rollout), brief(again));
        assertEquals(hosts, status().get("hosts"));
        assertEquals(
                image.get("release"),
                status().get("hosts").get(0).get("pinned").get("web").get("release"));
        JsonNode next = JSON.readTree(fleet.operator().post("/v1/pins", "{\"ref\":\"web\"}"));
        Pin former = Pin.verify(documents.envelopes().get(2), fleet.root()).document();
        assertTrue(next.get("number").asLong() > former.sequence().number());
    }

    @Test
    void aCopyOfTheHomeAtAnyMomentHasAllThatWasAcknowledged(@TempDir Path copies) throws IOException {
        JoinedHost host = JoinedHost.join(fleet);
        for (int i = 1; i <= 4; i++) {
            fleet.publish("web", "v" + i, i);
            fleet.operator().post("/v1/pins", "{\"ref\":\"web\"}");

            Path copy = copies.resolve("copy" + i);
            copyTree(fleet.made.coordinator(), copy);
            Files.writeString(copy.resolve("pins/.torn.partial"), "half a p");
            CoordinatorConfig config =
                    CoordinatorConfig.defaults(copy).withRuntime(copies).withAddress(new Address("127.0.0.1", 0));
            try (Coordinator after =
                    Coordinator.open(config, Coordinator.keys(config.home()), new NoFleet(), InstantSource.system())) {
                assertEquals(
                        host.client.documents(0, Duration.ZERO).revision(), revisionOf(after, host), "after pin " + i);
            }
        }
    }

    private long revisionOf(Coordinator coordinator, JoinedHost host) throws IOException {
        TlsIdentity identity = new TlsIdentity(host.key, host.enrolment.chain());
        try (CoordinatorClient client =
                CoordinatorClient.open(List.of(coordinator.address()), new TlsKeys(identity), fleet.trust())) {
            return client.documents(0, Duration.ZERO).revision();
        }
    }

    private static void copyTree(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.toList()) {
                Files.copy(file, to.resolve(from.relativize(file).toString()));
            }
        }
    }

    @Test
    void aNextRootReachesHostsAndEndsWhatItsFormerDirectorsSaid() throws IOException {
        fleet.publish("web", "1", 1);
        fleet.operator().post("/v1/pins", "{\"ref\":\"web\"}");
        JoinedHost host = JoinedHost.join(fleet);
        SigningKey rootKey = SigningKey.load(fleet.made.keys().resolve("root.pem"));
        SigningKey recovery = SigningKey.load(fleet.made.keys().resolve("recovery.pem"));
        Root first = fleet.root();
        Map<KeyRole, Signers> roles = new EnumMap<>(first.roles());
        roles.put(KeyRole.DIRECTOR, Signers.of(1, List.of(recovery.verifyKey())));
        Root second = new Root(first.fleet(), 2, 5, first.required(), roles, first.terms());

        assertRefused(Reason.NOT_SIGNED, () -> step(second.sign(List.of(recovery))));
        step(second.sign(List.of(rootKey)));

        assertEquals(2, fleet.root().number());
        assertEquals(List.of(Type.ROOT, Type.ROOT, Type.FRESHNESS), types(host.client.documents(0, Duration.ZERO)));
        assertRefused(Reason.NOT_SIGNED, () -> fleet.operator().post("/v1/pins", "{\"ref\":\"web\"}"));
    }

    private void step(Envelope root) throws IOException {
        String base64 = Base64.getEncoder().encodeToString(root.encode());
        fleet.operator().post("/v1/roots", "{\"root\":\"" + base64 + "\"}");
    }

    @Test
    void aHomeHasOneCoordinator() {
        StoreRefused refused = assertThrows(
                StoreRefused.class,
                () -> Coordinator.open(
                        fleet.config(),
                        Coordinator.keys(fleet.config().home()),
                        new NoFleet(),
                        InstantSource.system()));

        assertTrue(refused.toString().contains("found one"), refused.toString());
    }

    @Test
    void aPortThatIsTakenIsAClearError(@TempDir Path other) throws IOException {
        FleetInit.Made made = FleetInit.create(other, "second", fleet.address(), Instant.now());
        CoordinatorConfig config = CoordinatorConfig.defaults(made.coordinator())
                .withRuntime(other.resolve("run"))
                .withAddress(fleet.address());

        for (int i = 0; i < 2; i++) {
            BadConfiguration refused = assertThrows(
                    BadConfiguration.class,
                    () -> Coordinator.open(
                            config, Coordinator.keys(config.home()), new NoFleet(), InstantSource.system()));
            assertTrue(refused.toString().contains(fleet.address().toString()), refused.toString());
        }
    }

    @Test
    void aDirectoryHasOneFleet() {
        assertThrows(
                BadConfiguration.class,
                () -> FleetInit.create(directory, "lab", new Address("127.0.0.1", 1), Instant.now()));
    }

    @Test
    void whatIsNotUnderstoodIsRefusedWithAReason() throws IOException {
        var operator = fleet.operator();

        assertThrows(BadConfiguration.class, () -> operator.post("/v1/pins", "nonsense"));
        assertThrows(BadConfiguration.class, () -> operator.post("/v1/pins", "{\"reff\":\"web\"}"));
        assertThrows(BadConfiguration.class, () -> operator.post("/v1/tokens", "{\"uses\":1,\"uses\":2}"));
        assertThrows(BadConfiguration.class, () -> operator.post("/v1/tokens", "{\"uses\":0}"));
        assertThrows(BadConfiguration.class, () -> operator.post("/v1/tokens", "{\"user\":1}"));
        assertThrows(Unknown.class, () -> operator.post("/v1/pins", "{\"ref\":\"web\",\"group\":\"none\"}"));
        assertThrows(Unknown.class, () -> operator.get("/v1/rollouts/r-0"));
        assertThrows(IOException.class, () -> operator.get("/v1/nothing"));
        assertThrows(BadConfiguration.class, () -> operator.post("/v1/pins", "x".repeat(100_000)));
    }

    private JsonNode status() throws IOException {
        return JSON.readTree(fleet.operator().get("/v1/status"));
    }

    private static String brief(JsonNode rollout) {
        return rollout.get("state").asText() + " " + rollout.get("hosts");
    }

    private static List<Type> types(Documents documents) {
        return documents.envelopes().stream().map(Envelope::type).toList();
    }

    private static void assertRefused(Reason reason, Executable call) {
        assertEquals(reason, assertThrows(Refused.class, call).reason());
    }
}
