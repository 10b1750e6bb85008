package dev.muster.agent.control;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.muster.agent.activate.VolumeWriter;
import dev.muster.agent.delivery.BatchedHeaders;
import dev.muster.agent.delivery.Delivery;
import dev.muster.agent.delivery.Pools;
import dev.muster.agent.delivery.SwarmProgress;
import dev.muster.agent.delivery.Swarms;
import dev.muster.agent.delivery.Traffic;
import dev.muster.agent.limit.HostLimits;
import dev.muster.agent.limit.Throttle;
import dev.muster.agent.swarm.Limits;
import dev.muster.chunkstore.Progress;
import dev.muster.chunkstore.codec.FrameCodec;
import dev.muster.chunkstore.store.ChunkStore;
import dev.muster.chunkstore.store.Lease;
import dev.muster.chunkstore.store.MemoryChunkStore;
import dev.muster.chunkstore.store.RandomImage;
import dev.muster.chunkstore.store.ScrubReport;
import dev.muster.protocol.MusterException;
import dev.muster.protocol.MusterException.Corrupt;
import dev.muster.protocol.MusterException.StoreRefused;
import dev.muster.protocol.MusterException.Unknown;
import dev.muster.protocol.MusterException.Unreachable;
import dev.muster.protocol.config.Settings;
import dev.muster.protocol.content.Chunk;
import dev.muster.protocol.content.Hash;
import dev.muster.protocol.content.Manifest;
import dev.muster.protocol.content.ManifestHead;
import dev.muster.protocol.content.ManifestId;
import dev.muster.protocol.disk.RuntimeDirectory;
import dev.muster.protocol.trust.document.Envelope;
import dev.muster.protocol.trust.document.FleetFixture;
import dev.muster.protocol.trust.document.Release;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ControlTest {
    @TempDir
    Path dir;

    private final MemoryChunkStore store = new MemoryChunkStore();
    private final FrameCodec codec = new FrameCodec();
    private final Pools pools = Pools.open();
    private final RandomImage image = RandomImage.of(new Random(3), 300, 32);
    private final Swarms swarms = new Swarms(
            store,
            codec,
            pools,
            Throttle.none(),
            new Traffic(),
            new Swarms.Setting("self", "site", Limits.DEFAULT, _ -> Optional.empty(), _ -> Optional.empty()));
    private final Semaphore asked = new Semaphore(0);
    private final Semaphore answer = new Semaphore(0);
    private final AtomicReference<Thread> pulling = new AtomicReference<>(Thread.currentThread());
    private final Map<String, String> changed = new TreeMap<>();
    private final List<Envelope> published = new CopyOnWriteArrayList<>();
    private volatile Map<String, Object> status = Map.of("id", "h1");
    private ControlServer server;
    private Path home;

    @BeforeEach
    void open() throws IOException {
        home = Files.createDirectory(dir.resolve("home"));
        server = ControlServer.open(RuntimeDirectory.of(home, environment()), new Door());
    }

    @AfterEach
    void close() throws IOException {
        server.close();
        swarms.close();
        pools.close();
        codec.close();
    }

    @Test
    void anImageGoesInAndComesBackOverTheSocket() throws IOException {
        try (ControlClient client = ControlClient.open(home, environment())) {
            RemoteStore remote = client.store();
            Chunk first = image.chunks().getFirst();
            assertFalse(remote.has(first.id()));
            for (Chunk chunk : image.chunks()) {
                remote.put(chunk);
            }
            remote.flush();
            assertTrue(remote.packed(encoded()));

            assertTrue(remote.has(first.id()));
            assertEquals(List.of(image.manifest().id()), store.installed());
            ManifestHead head = ManifestHead.verify(
                    image.manifest().id(), remote.head(image.manifest().id()).orElseThrow());
            Manifest back = Manifest.read(head, remote);
            assertEquals(image.manifest().extents(), back.extents());
            assertEquals(first.header(), remote.header(first.id()).orElseThrow());
            assertArrayEquals(
                    codec.decode(first).array(),
                    codec.decode(remote.chunk(first.id()).orElseThrow()).array());
        }
    }

    @Test
    void aChunkWithAWrongBitIsNotKept() throws IOException {
        Chunk chunk = image.chunks().getFirst();
        try (ControlClient client = ControlClient.open(home, environment())) {
            assertThrows(Corrupt.class, () -> client.store().put(RandomImage.damaged(chunk, 0)));

            assertFalse(store.has(chunk.id()));
        }
    }

    @Test
    void failuresKeepTheirKindAndTheConnectionIsGoodAfterwards() throws IOException {
        try (ControlClient client = ControlClient.open(home, environment())) {
            Unknown unknown = assertThrows(
                    Unknown.class,
                    () -> client.ask(ControlClient.request("resolve").put("ref", "none:1")));
            assertEquals("image none:1 is not known", unknown.getMessage());
            assertThrows(Corrupt.class, () -> client.ask(ControlClient.request("dance")));
            assertThrows(
                    Corrupt.class,
                    () -> client.ask(ControlClient.request("head").put("id", "zz")));

            JsonNode status = client.ask(ControlClient.request("status"));

            assertEquals("h1", status.path("id").asText());
        }
    }

    @Test
    void aTargetThatNoFileCanBeCalledIsRefused() throws IOException {
        try (ControlClient client = ControlClient.open(home, environment())) {
            for (String name : List.of("/srv/a\0b", "/srv/\ud800", "")) {
                ObjectNode request = ControlClient.request("direct").put("target", name);
                assertThrows(MusterException.class, () -> client.ask(request), name);
            }
            assertEquals(
                    "h1", client.ask(ControlClient.request("status")).path("id").asText());
        }
    }

    @Test
    void whoIsOneTooManyIsToldSo() throws IOException {
        List<ControlClient> clients = new ArrayList<>();
        try {
            for (int i = 0; i < ControlServer.CONNECTIONS_MAX; i++) {
                clients.add(ControlClient.open(home, environment()));
            }
            try (Wire wire = clients.getFirst().connect()) {
                assertEquals(
                        "unreachable", wire.json().path("error").path("kind").asText());
            }
        } finally {
            for (ControlClient client : clients) {
                client.close();
            }
        }
    }

    @Test
    void anImageIsHeldOnceByAConnectionAndNotAnyNumber() throws IOException {
        try (Session session = new Session(store)) {
            ManifestId id = image.manifest().id();
            assertSame(session.hold(id), session.hold(id));
            assertThrows(StoreRefused.class, () -> {
                for (int i = 0; i < 100; i++) {
                    Lease _ = session.hold(new ManifestId(new Hash(i, 0, 0, 0)));
                }
            });
        }
    }

    @Test
    void anAnswerThatIsTooLongIsRefused() throws IOException {
        try (ControlClient client = ControlClient.open(home, environment())) {
            status = Map.of("id", "x".repeat(Wire.BODY_MAX));
            assertThrows(Corrupt.class, () -> client.ask(ControlClient.request("status")));

            status = Map.of("id", "h2");
            assertEquals(
                    "h2", client.ask(ControlClient.request("status")).path("id").asText());
        }
    }

    @Test
    void aManifestWithoutItsChunksIsHeldAndNotInstalled() throws IOException {
        try (ControlClient client = ControlClient.open(home, environment())) {
            client.store().put(image.chunks().getFirst());

            assertFalse(client.store().packed(encoded()));

            assertEquals(List.of(), store.installed());
            SwarmProgress held = swarms.progress(image.manifest().id()).orElseThrow();
            assertEquals(1, held.chunks().have());
        }
    }

    @Test
    void headersComeInBatchesWithoutTheirChunks() throws IOException {
        image.installInto(store);
        try (ControlClient client = ControlClient.open(home, environment())) {
            Manifest manifest = client.store().manifest(image.manifest().id());
            BatchedHeaders headers = client.store().headers(manifest);

            for (Chunk chunk : image.chunks()) {
                assertEquals(chunk.header(), headers.header(chunk.id()).orElseThrow());
            }
            assertEquals(0, headers.missing());
        }
    }

    @Test
    void aHeaderThatNobodyHasIsMissingAndAskedForOnce() throws IOException {
        image.putManifest(store);
        try (ControlClient client = ControlClient.open(home, environment())) {
            BatchedHeaders headers = client.store()
                    .headers(client.store().manifest(image.manifest().id()));

            for (Chunk chunk : image.chunks()) {
                assertEquals(Optional.empty(), headers.header(chunk.id()));
            }
            assertEquals(image.chunks().size(), headers.missing());
            assertTrue(headers.failure().isPresent());
        }
    }

    @Test
    void aManifestThatNobodyHasIsUnreachable() throws IOException {
        try (ControlClient client = ControlClient.open(home, environment())) {
            assertThrows(
                    Unreachable.class,
                    () -> client.store().manifest(image.manifest().id()));
        }
    }

    @Test
    void theReleaseOfWhatWasPackedReachesTheAgent() throws IOException {
        FleetFixture fleet = FleetFixture.plain();
        Envelope release = fleet.signed(FleetFixture.release("web", "1", 1)).envelope();
        try (ControlClient client = ControlClient.open(home, environment())) {
            client.store().published(release);

            assertEquals(
                    List.of(release.hash()),
                    published.stream().map(Envelope::hash).toList());
        }
    }

    @Test
    void aClientThatLeavesInAPullEndsNothingButItsRequest() throws Exception {
        image.installInto(store);
        BlockingQueue<Throwable> bugs = new LinkedBlockingQueue<>();
        Thread.UncaughtExceptionHandler before = Thread.getDefaultUncaughtExceptionHandler();
        Thread.setDefaultUncaughtExceptionHandler((_, bug) -> bugs.add(bug));
        try {
            try (ControlClient client = ControlClient.open(home, environment());
                    Wire wire = client.connect()) {
                wire.send(ControlClient.request("pull").put("ref", "slow"));
                asked.acquire();
            }
            answer.release();
            pulling.get().join();

            assertEquals(List.of(), List.copyOf(bugs));
        } finally {
            Thread.setDefaultUncaughtExceptionHandler(before);
        }
    }

    @Test
    void withoutAnAgentTheNextCommandIsNamed() throws IOException {
        Path other = Files.createDirectory(dir.resolve("other"));

        String message = assertThrows(Unreachable.class, () -> ControlClient.open(other, environment()))
                .getMessage();

        assertTrue(message.contains("muster agent --home"), message);
    }

    private Manifest.Encoded encoded() {
        Manifest manifest = image.manifest();
        return Manifest.of(
                manifest.shape(),
                manifest.head().content(),
                manifest.head().parents(),
                manifest.chunks(),
                manifest.extents());
    }

    @Test
    void settingsAreShownAndChanged() throws IOException {
        ObjectNode request = ControlClient.request("set");
        request.putObject("settings").put("swarm.upload-limit", "5MB").put("swarm.wan-limit.paris", "1MB");
        try (ControlClient client = ControlClient.open(home, environment())) {
            JsonNode answer = client.ask(request);

            assertEquals(Map.of("swarm.upload-limit", "5MB", "swarm.wan-limit.paris", "1MB"), changed);
            assertEquals(answer, client.ask(ControlClient.request("settings")));
            assertTrue(answer.toString().contains("\"swarm.wan-limit.paris\",\"value\":\"1MB\""), answer.toString());
        }
    }

    private Map<String, String> environment() {
        return Map.of("MUSTER_RUNTIME", dir.resolve("run").toString());
    }

    private final class Door implements Served {
        @Override
        public boolean offer(Envelope document) {
            throw new UnsupportedOperationException();
        }

        @Override
        public String pin(String reference) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void unpin(String name) {
            throw new UnsupportedOperationException();
        }

        @Override
        public VolumeWriter volumes() {
            throw new UnsupportedOperationException("no volumes here");
        }

        @Override
        public ScrubReport scrub(OptionalLong bytesPerSecond, Progress progress) {
            return new ScrubReport(bytesPerSecond.orElse(7), 0, 0, List.of(), 0);
        }

        @Override
        public Map<ManifestId, Release.Name> lastCopies() {
            return Map.of();
        }

        @Override
        public ChunkStore store() {
            return store;
        }

        @Override
        public FrameCodec codec() {
            return codec;
        }

        @Override
        public Delivery delivery() {
            return new Delivery(store, swarms, _ -> Optional.empty());
        }

        @Override
        public boolean packed(ManifestId manifest) throws IOException {
            return delivery().hold(manifest);
        }

        @Override
        public void published(Envelope release) {
            published.add(release);
        }

        @Override
        public Image resolve(String reference) throws Unknown {
            if (reference.equals("slow")) {
                pulling.set(Thread.currentThread());
                asked.release();
                answer.acquireUninterruptibly();
                return new Image(
                        "slow:1",
                        image.manifest().id(),
                        Optional.empty(),
                        List.of(new Artifact("disk", image.manifest().id())));
            }
            throw new Unknown("image " + reference + " is not known");
        }

        @Override
        public List<Settings.Line> settings() {
            Settings settings = Settings.of(changed);
            HostLimits _ = HostLimits.read(settings);
            return settings.effective();
        }

        @Override
        public void change(Map<String, String> settings) {
            changed.putAll(settings);
        }

        @Override
        public Map<String, Object> status() {
            return status;
        }
    }
}
