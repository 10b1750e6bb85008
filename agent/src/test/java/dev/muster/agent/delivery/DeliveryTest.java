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
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
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
    private final RandomImage image = RandomImage.of(new Random(7), 3000, 32);
    private final DeliveryHosts hosts = new DeliveryHosts(image);

    @AfterEach
    void close() {
        hosts.close();
    }

    @Test
    void anImageSpreadsToEverybodyAndTheSourceSendsLittleMoreThanACopy() throws Exception {
        DeliveryHost source = hosts.add("source", hosts.whole());
        for (int i = 0; i < 6; i++) {
            hosts.add("host-" + i, new MemoryChunkStore());
        }
        hosts.connectAll();

        fetchAll(hosts.all().subList(1, hosts.all().size()));

        for (DeliveryHost host : hosts.all()) {
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
        hosts.add("source", plain);
        DeliveryHost host = hosts.add("host", new MemoryChunkStore());
        hosts.connectAll();

        host.fetch(image.manifest().id());

        assertWhole(host);
        long received = host.swarms.traffic().received();
        assertTrue(received < plainBytes * 9 / 10, received + " bytes came of " + plainBytes);
    }

    @Test
    void aSourceAtItsBudgetSendsNoMoreAndSaysSo() throws Exception {
        DeliveryHost source = hosts.add("source", hosts.whole());
        source.swarms.throttle().set(new HostLimits(0, 0, 0, Map.of(), 0.5, Windows.NONE));
        DeliveryHost host = hosts.add("host", new MemoryChunkStore());
        DeliveryHost other = hosts.add("other", new MemoryChunkStore());
        hosts.connectAll();

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
    void aHostThatKnowsNobodyYetWaitsForAFirstPeerAndSaysSo() throws Exception {
        DeliveryHost source = hosts.add("source", hosts.whole());
        DeliveryHost host = hosts.add("host", new MemoryChunkStore());
        List<String> phases = Collections.synchronizedList(new ArrayList<>());
        Progress meets = new Progress() {
            @Override
            public void phase(String name, long totalBytes) {
                phases.add(name);
                host.connect(source);
            }

            @Override
            public void advance(long bytes) {}
        };

        host.delivery.fetch(image.manifest().id(), meets, Duration.ofSeconds(10));

        assertWhole(host);
        assertEquals(List.of("wait for a first peer", "fetch"), List.copyOf(new LinkedHashSet<>(phases)));
    }

    @Test
    void aHostThatNobodyJoinsNamesTheCauseAndWhatToDo() throws Exception {
        DeliveryHost host = hosts.add("host", new MemoryChunkStore());

        String alone = assertThrows(Unreachable.class, () -> fetchBriefly(host)).getMessage();
        hosts.add("other", new MemoryChunkStore());
        hosts.connectAll();
        String among = assertThrows(Unreachable.class, () -> fetchBriefly(host)).getMessage();

        assertTrue(alone.contains("expected a first peer") && alone.contains("muster status"), alone);
        assertTrue(among.contains("none of 1 connected peers has it; see who has it: muster images"), among);
    }

    private void fetchBriefly(DeliveryHost host) throws Exception {
        host.delivery.fetch(image.manifest().id(), Progress.NONE, Duration.ofMillis(300));
    }

    @Test
    void whatIsHereAlreadyIsNotFetched() throws Exception {
        hosts.add("source", hosts.whole());
        MemoryChunkStore half = new MemoryChunkStore();
        long here = 0;
        for (Chunk chunk : image.chunks().subList(0, image.chunks().size() / 2)) {
            half.put(chunk);
            here += chunk.wireBytes();
        }
        DeliveryHost host = hosts.add("host", half);
        hosts.connectAll();

        host.fetch(image.manifest().id());

        assertWhole(host);
        long received = host.swarms.traffic().received();
        assertTrue(
                received <= image.manifest().wireBytes() - here + 200_000,
                received + " received, " + here + " of " + image.manifest().wireBytes() + " were here");
    }

    @Test
    void aPeerWithRottenBytesIsLeftAndNothingWrongIsKept() throws Exception {
        MemoryChunkStore rotten = hosts.whole();
        for (Chunk chunk : image.chunks()) {
            rotten.damage(chunk.id(), 0);
        }
        hosts.add("rotten", rotten);
        hosts.add("source", hosts.whole());
        DeliveryHost host = hosts.add("host", new MemoryChunkStore());
        hosts.connectAll();

        host.fetch(image.manifest().id());

        assertWhole(host);
        assertTrue(host.swarms.isBlamed("rotten"));
    }

    @Test
    void hostsServeEachOtherWhenTheSourceIsGone() throws Exception {
        DeliveryHost source = hosts.add("source", hosts.whole());
        DeliveryHost first = hosts.add("first", new MemoryChunkStore());
        hosts.connectAll();
        first.fetch(image.manifest().id());
        source.close();
        hosts.all().remove(source);
        eventually("the source is gone", () -> first.swarms.connections().isEmpty());
        DeliveryHost second = hosts.add("second", new MemoryChunkStore());
        hosts.connectAll();

        second.fetch(image.manifest().id());

        assertWhole(second);
    }

    @Test
    void aChunkThatRotsAtItsHolderIsAskedOfAnother() throws Exception {
        MemoryChunkStore gone = hosts.whole();
        DeliveryHost first = hosts.add("first", gone);
        hosts.add("second", hosts.whole());
        DeliveryHost host = hosts.add("host", new MemoryChunkStore());
        hosts.connectAll();
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
        hosts.add("source", hosts.whole());
        DeliveryHost host = hosts.add("host", rotting);
        hosts.connectAll();

        host.fetch(image.manifest().id());

        assertWhole(host);
    }

    @Test
    void whoGivesUpLeavesTheSwarm() throws Exception {
        MemoryChunkStore half = new MemoryChunkStore();
        image.putManifest(half);
        DeliveryHost host = hosts.add("host", half);

        assertThrows(
                Unreachable.class,
                () -> host.delivery.fetch(image.manifest().id(), Progress.NONE, Duration.ofMillis(300)));

        assertEquals(List.of(), host.swarms.progress());
    }

    @Test
    void aSwarmOpenedWhileOthersOpenItFindsThem() throws Exception {
        for (int round = 0; round < 10; round++) {
            DeliveryHost source = hosts.add("source-" + round, hosts.whole());
            DeliveryHost late = hosts.add("late-" + round, new MemoryChunkStore());
            late.connect(source);
            eventually("connected", () -> late.swarms.connections().size() == 1);

            late.fetch(image.manifest().id());

            assertWhole(late);
        }
    }

    @Test
    void anImageThatNobodyHasIsUnreachable() throws Exception {
        DeliveryHost host = hosts.add("host", new MemoryChunkStore());
        hosts.add("other", new MemoryChunkStore());
        hosts.connectAll();

        assertThrows(
                Unreachable.class,
                () -> host.delivery.fetch(image.manifest().id(), Progress.NONE, Duration.ofMillis(300)));
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
