package dev.muster.agent.delivery;

import static dev.muster.protocol.Eventually.eventually;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.muster.agent.limit.HostLimits;
import dev.muster.agent.limit.Windows;
import dev.muster.chunkstore.Progress;
import dev.muster.chunkstore.codec.FrameCodec;
import dev.muster.chunkstore.store.MemoryChunkStore;
import dev.muster.chunkstore.store.RandomImage;
import dev.muster.protocol.MusterException.Unreachable;
import dev.muster.protocol.content.Chunk;
import dev.muster.protocol.content.ChunkEntry;
import dev.muster.protocol.net.MemoryPeerNetwork;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class DeliveryTest {
    private final List<DeliveryHost> hosts = new ArrayList<>();
    private final MemoryPeerNetwork.Switch network = new MemoryPeerNetwork.Switch();
    private final RandomImage image = RandomImage.of(new Random(7), 3000, 32);

    @AfterEach
    void close() {
        hosts.forEach(DeliveryHost::close);
    }

    @Test
    void anImageSpreadsToEverybodyAndTheSourceSendsLittleMoreThanACopy() throws Exception {
        DeliveryHost source = host("source", whole());
        for (int i = 0; i < 6; i++) {
            host("host-" + i, new MemoryChunkStore());
        }
        connectAll();

        fetchAll(hosts.subList(1, hosts.size()));

        for (DeliveryHost host : hosts) {
            assertWhole(host);
        }
        long sent = source.swarms.traffic().sent();
        assertTrue(sent <= 2 * image.manifest().wireBytes(), "the source sent " + sent);
    }

    @Test
    void whatLiesPlainInAStoreIsSentCompressed() throws Exception {
        MemoryChunkStore plain = new MemoryChunkStore();
        try (FrameCodec codec = new FrameCodec()) {
            for (Chunk chunk : image.chunks()) {
                plain.put(codec.plain(chunk));
            }
        }
        image.installInto(plain);
        long plainBytes = image.chunks().stream()
                .mapToLong(chunk -> chunk.header().rawBytes())
                .sum();
        assertTrue(image.manifest().wireBytes() < plainBytes * 9 / 10, "an image that shrinks");
        host("source", plain);
        DeliveryHost host = host("host", new MemoryChunkStore());
        connectAll();

        host.fetch(image.manifest().id());

        assertWhole(host);
        long received = host.swarms.traffic().received();
        assertTrue(received < plainBytes * 9 / 10, received + " bytes came of " + plainBytes);
    }

    @Test
    void aSourceAtItsBudgetSendsNoMoreAndSaysSo() throws Exception {
        DeliveryHost source = host("source", whole());
        source.swarms.throttle().set(new HostLimits(0, 0, 0, Map.of(), 0.5, Windows.NONE));
        DeliveryHost host = host("host", new MemoryChunkStore());
        DeliveryHost other = host("other", new MemoryChunkStore());
        connectAll();

        assertThrows(
                Unreachable.class,
                () -> host.delivery.fetch(image.manifest().id(), Progress.NONE, Duration.ofMillis(500)));

        long half = image.manifest().wireBytes() / 2;
        assertTrue(source.swarms.traffic().sent() <= half + 300_000, source.swarms.traffic() + " of " + half);
        assertTrue(
                source.swarms.serving().complaint().contains(HostLimits.RAISE_SOURCE_BUDGET),
                source.swarms.serving().complaint());

        source.swarms.throttle().set(HostLimits.NONE);
        other.fetch(image.manifest().id());
        assertWhole(other);
    }

    @Test
    void whatIsHereAlreadyIsNotFetched() throws Exception {
        host("source", whole());
        MemoryChunkStore half = new MemoryChunkStore();
        long here = 0;
        for (Chunk chunk : image.chunks().subList(0, image.chunks().size() / 2)) {
            half.put(chunk);
            here += chunk.wireBytes();
        }
        DeliveryHost host = host("host", half);
        connectAll();

        host.fetch(image.manifest().id());

        assertWhole(host);
        long received = host.swarms.traffic().received();
        assertTrue(
                received <= image.manifest().wireBytes() - here + 200_000,
                received + " received, " + here + " of " + image.manifest().wireBytes() + " were here");
    }

    @Test
    void aPeerWithRottenBytesIsLeftAndNothingWrongIsKept() throws Exception {
        MemoryChunkStore rotten = whole();
        for (Chunk chunk : image.chunks()) {
            rotten.damage(chunk.id(), 0);
        }
        host("rotten", rotten);
        host("source", whole());
        DeliveryHost host = host("host", new MemoryChunkStore());
        connectAll();

        host.fetch(image.manifest().id());

        assertWhole(host);
        assertTrue(host.swarms.isBlamed("rotten"));
    }

    @Test
    void hostsServeEachOtherWhenTheSourceIsGone() throws Exception {
        DeliveryHost source = host("source", whole());
        DeliveryHost first = host("first", new MemoryChunkStore());
        connectAll();
        first.fetch(image.manifest().id());
        source.close();
        hosts.remove(source);
        eventually("the source is gone", () -> first.swarms.connections().isEmpty());
        DeliveryHost second = host("second", new MemoryChunkStore());
        connectAll();

        second.fetch(image.manifest().id());

        assertWhole(second);
    }

    @Test
    void aChunkThatRotsAtItsHolderIsAskedOfAnother() throws Exception {
        MemoryChunkStore gone = whole();
        DeliveryHost first = host("first", gone);
        host("second", whole());
        DeliveryHost host = host("host", new MemoryChunkStore());
        connectAll();
        Chunk rotten = image.chunks().getFirst();
        gone.remove(rotten.id());

        host.fetch(image.manifest().id());

        assertWhole(host);
        first.fetch(image.manifest().id());
        assertWhole(first);
    }

    @Test
    void aChunkThatRotsBeforeTheImageIsWholeIsFetchedAgain() throws Exception {
        MemoryChunkStore rotting = new MemoryChunkStore();
        rotting.rotAtFlush(image.chunks().getFirst().id());
        host("source", whole());
        DeliveryHost host = host("host", rotting);
        connectAll();

        host.fetch(image.manifest().id());

        assertWhole(host);
    }

    @Test
    void whoGivesUpLeavesTheSwarm() throws Exception {
        MemoryChunkStore half = new MemoryChunkStore();
        image.putManifest(half);
        DeliveryHost host = host("host", half);

        assertThrows(
                Unreachable.class,
                () -> host.delivery.fetch(image.manifest().id(), Progress.NONE, Duration.ofMillis(300)));

        assertEquals(List.of(), host.swarms.progress());
    }

    @Test
    void aSwarmOpenedWhileOthersOpenItFindsThem() throws Exception {
        for (int round = 0; round < 10; round++) {
            DeliveryHost source = host("source-" + round, whole());
            DeliveryHost late = host("late-" + round, new MemoryChunkStore());
            late.connect(source);
            eventually("connected", () -> late.swarms.connections().size() == 1);

            late.fetch(image.manifest().id());

            assertWhole(late);
        }
    }

    @Test
    void anImageThatNobodyHasIsUnreachable() throws Exception {
        DeliveryHost host = host("host", new MemoryChunkStore());
        host("other", new MemoryChunkStore());
        connectAll();

        assertThrows(
                Unreachable.class,
                () -> host.delivery.fetch(image.manifest().id(), Progress.NONE, Duration.ofMillis(300)));
    }

    private DeliveryHost host(String id, MemoryChunkStore store) throws IOException {
        DeliveryHost host = new DeliveryHost(id, network, store);
        hosts.add(host);
        return host;
    }

    private MemoryChunkStore whole() throws IOException {
        MemoryChunkStore store = new MemoryChunkStore();
        image.installInto(store);
        return store;
    }

    private void connectAll() throws InterruptedException {
        for (int i = 0; i < hosts.size(); i++) {
            for (int j = 0; j < i; j++) {
                hosts.get(i).connect(hosts.get(j));
            }
        }
        eventually(
                "all are connected",
                () -> hosts.stream().allMatch(host -> host.swarms.connections().size() == hosts.size() - 1));
    }

    private void fetchAll(List<DeliveryHost> receivers) throws Exception {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> fetches = new ArrayList<>();
            for (DeliveryHost host : receivers) {
                Callable<Object> fetch = () -> host.fetch(image.manifest().id());
                fetches.add(threads.submit(fetch));
            }
            for (Future<?> fetch : fetches) {
                fetch.get();
            }
        }
    }

    private void assertWhole(DeliveryHost host) throws IOException {
        assertEquals(List.of(image.manifest().id()), host.store.installed());
        try (FrameCodec codec = new FrameCodec()) {
            for (int i = 0; i < image.chunks().size(); i++) {
                ChunkEntry entry = image.manifest().chunks().get(i);
                Chunk kept = host.store.chunk(entry.id()).orElseThrow();
                assertArrayEquals(
                        codec.decode(image.chunks().get(i)).array(),
                        codec.decode(kept).array());
            }
        }
    }
}
