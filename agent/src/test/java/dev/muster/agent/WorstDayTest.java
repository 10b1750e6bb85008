package dev.muster.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.muster.agent.control.ControlClient;
import dev.muster.agent.enrol.EnrolledHome;
import dev.muster.agent.enrol.Member;
import dev.muster.chunkstore.codec.FrameCodec;
import dev.muster.chunkstore.store.RandomImage;
import dev.muster.chunkstore.store.SegmentStore;
import dev.muster.chunkstore.store.StoreSettings;
import dev.muster.protocol.config.Settings;
import dev.muster.protocol.content.Hash;
import dev.muster.protocol.disk.RuntimeDirectory;
import dev.muster.protocol.trust.document.Artifact;
import dev.muster.protocol.trust.document.Envelope;
import dev.muster.protocol.trust.document.FleetFixture;
import dev.muster.protocol.trust.document.Freshness;
import dev.muster.protocol.trust.document.KeyRole;
import dev.muster.protocol.trust.document.Order;
import dev.muster.protocol.trust.document.Pin;
import dev.muster.protocol.trust.document.Release;
import dev.muster.protocol.trust.document.Root;
import dev.muster.protocol.trust.document.RootChain;
import dev.muster.protocol.trust.document.Scope;
import dev.muster.protocol.trust.document.Signers;
import dev.muster.protocol.trust.document.Wave;
import dev.muster.protocol.trust.key.Algorithm;
import dev.muster.protocol.trust.key.FleetCa;
import dev.muster.protocol.trust.key.SigningKey;
import dev.muster.protocol.trust.key.Subject;
import dev.muster.protocol.trust.key.TlsIdentity;
import dev.muster.protocol.trust.key.Validity;
import dev.muster.protocol.wire.PeerAddress;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Every coordinator is gone, and every certificate ran out a week ago: eight agents still spread what was pinned, go back
/// on one host, and on all of them by a pin that is carried in as a file; a stranger still gets nothing.
@Timeout(90)
final class WorstDayTest {
    private static final int HOSTS = 8;
    private static final Duration DAY = Duration.ofDays(1);

    @TempDir
    Path dir;

    private final Instant lastWeek = Instant.now().minus(DAY.multipliedBy(8));
    private final FleetFixture fleet = FleetFixture.plain();
    private final SigningKey recovery = SigningKey.generate(Set.of(Algorithm.ED25519));
    private final FleetCa ca =
            fleet.caRoot.createIntermediate("lab", "c1", Validity.from(lastWeek, DAY.multipliedBy(90)));
    private final RandomImage first = RandomImage.ofBlocks(new Random(1), 60, 16);
    private final RandomImage second = RandomImage.ofBlocks(new Random(2), 60, 16);
    private final Envelope one = release("1", 1, first);
    private final Envelope two = release("2", 2, second);
    private final List<Agent> agents = new ArrayList<>();
    private final List<Member> members = new ArrayList<>();
    private Envelope root = fleet.root.sign(List.of(fleet.rootKey));

    @BeforeEach
    void start() throws IOException {
        Map<KeyRole, Signers> roles = new EnumMap<>(fleet.root.roles());
        roles.put(KeyRole.DIRECTOR, FleetFixture.signers(List.of(fleet.director, recovery)));
        root = new Root(
                        fleet.root.fleet(),
                        1,
                        lastWeek.toEpochMilli(),
                        fleet.root.required(),
                        roles,
                        fleet.root.terms())
                .sign(List.of(fleet.rootKey));
        try (FrameCodec codec = new FrameCodec();
                SegmentStore store =
                        SegmentStore.open(home(0).resolve("store"), runtime(0), StoreSettings.defaults(), codec)) {
            first.installInto(store);
            second.installInto(store);
        }
        for (int i = 0; i < HOSTS; i++) {
            agents.add(agent(i));
        }
        for (Agent each : agents.subList(1, HOSTS)) {
            connect(each, agents.getFirst());
        }
    }

    @AfterEach
    void close() {
        agents.forEach(Agent::close);
        members.forEach(Member::close);
    }

    @Test
    void theFleetGoesOnAndBackWithNobodyElse() throws Exception {
        carry(0, one, two, freshness(), pin(fleet.director, 1, one, lastWeek));
        everyHostRuns(one);
        carry(0, pin(fleet.director, 2, two, lastWeek));
        everyHostRuns(two);

        ask(3, ControlClient.request("pin").put("ref", "web:1"));
        runs(3, one);
        runs(4, two);
        ask(3, ControlClient.request("unpin").put("name", "web"));
        runs(3, two);

        carry(5, pin(recovery, 3, one, Instant.now()));
        everyHostRuns(one);
        assertTrue(status(2).path("alarms").path(0).asText().startsWith("stale"), () -> "no alarm");
        aStrangerGetsNothing();
    }

    /// One of another fleet, and one whose certificate has run out for longer than the days of grace.
    private void aStrangerGetsNothing() throws Exception {
        FleetCa other = FleetCa.createRoot("lab", Validity.from(lastWeek, DAY.multipliedBy(90)))
                .createIntermediate("lab", "c1", Validity.from(lastWeek, DAY.multipliedBy(90)));
        Instant longAgo = Instant.now().minus(DAY.multipliedBy(40));
        for (TlsIdentity identity : List.of(
                other.issueIdentity(subject(HOSTS), Set.of(), Validity.from(lastWeek, DAY.multipliedBy(30))),
                ca.issueIdentity(subject(HOSTS), Set.of(), Validity.from(longAgo, DAY)))) {
            Agent stranger = agent(HOSTS + agents.size(), identity);
            agents.add(stranger);
            connect(stranger, agents.getFirst());
            Thread.sleep(1500);
            assertEquals(0, stranger.network().links());
        }
    }

    private void everyHostRuns(Envelope release) throws Exception {
        for (int i = 0; i < HOSTS; i++) {
            runs(i, release);
        }
    }

    private void runs(int host, Envelope release) throws Exception {
        String found = "";
        for (int i = 0; i < 300; i++) {
            found = status(host).path("running").path("web").path("release").asText();
            if (found.equals(release.hash().toString())) {
                return;
            }
            Thread.sleep(100);
        }
        throw new AssertionError("host " + host + " runs " + found + ", not " + release.hash() + ": " + status(host));
    }

    private void carry(int host, Envelope... documents) throws IOException {
        try (ControlClient client = client(host)) {
            for (Envelope document : documents) {
                assertTrue(client.offer(document.encode()), document.type()::toString);
            }
        }
    }

    private JsonNode status(int host) throws IOException {
        return ask(host, ControlClient.request("status"));
    }

    private JsonNode ask(int host, ObjectNode request) throws IOException {
        try (ControlClient client = client(host)) {
            return client.ask(request);
        }
    }

    private ControlClient client(int host) throws IOException {
        return ControlClient.open(home(host), environment());
    }

    private Envelope release(String version, long counter, RandomImage image) {
        Artifact disk = new Artifact(
                Artifact.DISK,
                image.length(),
                image.manifest().head().content(),
                image.manifest().id());
        return FleetFixture.release("web", version, counter, List.of(disk)).sign(List.of(fleet.releaseKey));
    }

    private Envelope freshness() {
        long created = lastWeek.toEpochMilli();
        Freshness.Span span = new Freshness.Span(created, created + DAY.toMillis());
        return new Freshness(fleet.director.id(), 1, span, new Freshness.Newest(1, 0, new TreeMap<>()))
                .sign(List.of(fleet.director));
    }

    private static Envelope pin(SigningKey key, long number, Envelope release, Instant made) {
        long created = made.toEpochMilli();
        return new Pin(
                        "web",
                        Scope.all(),
                        new Order.Run(release.hash()),
                        Wave.all(),
                        new Pin.Sequence(key.id(), number, Hash.of(new byte[] {(byte) number})),
                        new Pin.Terms(0, 0, false, new Pin.Times(created, 0, 0, created + DAY.toMillis() * 60)))
                .sign(List.of(key));
    }

    private Agent agent(int i) throws IOException {
        return agent(i, ca.issueIdentity(subject(i), Set.of(), Validity.from(lastWeek, DAY)));
    }

    private Agent agent(int i, TlsIdentity identity) throws IOException {
        EnrolledHome.make(home(i), RootChain.of(root.hash(), List.of(root)), identity);
        Member member = Member.load(home(i));
        members.add(member);
        Settings settings = Settings.read(
                home(i).resolve("agent.conf"), List.of("swarm.port=0", "cluster.enabled=false"), Map.of());
        return Agent.open(home(i), runtime(i), AgentConfig.read(settings), member);
    }

    private static Subject subject(int i) {
        return new Subject("lab", Subject.Role.HOST, "h" + i);
    }

    private static void connect(Agent from, Agent to) {
        from.network()
                .connect(new PeerAddress(
                        to.member().enrolled().host(), "a", to.network().address()));
    }

    private Path home(int i) {
        return dir.resolve("h" + i);
    }

    private Path runtime(int i) throws IOException {
        return RuntimeDirectory.of(home(i), environment());
    }

    private Map<String, String> environment() {
        return Map.of("MUSTER_RUNTIME", dir.resolve("run").toString());
    }
}
