package dev.muster.chunkstore.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.muster.chunkstore.Progress;
import dev.muster.chunkstore.codec.FrameCodec;
import dev.muster.chunkstore.disk.FaultDisk;
import dev.muster.chunkstore.disk.ObservedDisk;
import dev.muster.protocol.content.Chunk;
import dev.muster.protocol.content.ChunkId;
import dev.muster.protocol.content.Manifest;
import dev.muster.protocol.content.ManifestHead;
import dev.muster.protocol.content.ManifestId;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Somebody does something at the worst moment of a collection.
final class CollectRaceTest {
    private static final Path ROOT = Path.of("/store");
    private static final StoreSettings SETTINGS =
            new StoreSettings(4 << 20, 0, 64 << 20, Duration.ofHours(1), 64 << 20, 1 << 20);

    private final SplittableRandom random = new SplittableRandom(4);
    private final RandomImage first = RandomImage.ofBlocks(random, 200, 20);
    private final RandomImage second = RandomImage.ofBlocks(random, 200, 20);
    private final FrameCodec codec = new FrameCodec();
    private final FaultDisk disk = new FaultDisk(256 << 20);

    /// What to do before the next operation of that name in a directory, once.
    private final Map<String, Action> before = new HashMap<>();

    private SegmentStore store;

    @FunctionalInterface
    private interface Action {
        void run() throws IOException;
    }

    CollectRaceTest() throws IOException {
        store = open();
    }

    @BeforeEach
    void install() throws IOException {
        first.installInto(store);
        second.installInto(store);
        store.point("web", id(second));
    }

    @AfterEach
    void close() throws IOException {
        store.close();
        codec.close();
    }

    @Test
    void whoIsReadingARecordIsWaitedForBeforeItIsPunched() throws Exception {
        CountDownLatch reading = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        List<String> order = new ArrayList<>();
        Chunk chunk = first.chunks().getFirst();
        store.header(second.chunks().getFirst().id());
        before.put("read segments", () -> {
            reading.countDown();
            await(goOn);
            order.add("read");
        });
        FutureTask<Optional<Chunk>> reader = start(() -> store.chunk(chunk.id()));
        reading.await();
        before.put("punch segments", () -> order.add("punch"));

        FutureTask<CollectReport> collector = new FutureTask<>(() -> store.collect(Goal.ALL, Progress.NONE));
        Thread thread = Thread.ofPlatform().start(collector);
        while (thread.getState() != Thread.State.TIMED_WAITING && thread.isAlive()) {
            Thread.onSpinWait();
        }
        assertFalse(store.has(chunk.id()), "it is condemned");
        goOn.countDown();

        assertEquals(Optional.of(chunk), reader.get());
        assertEquals(List.of(id(first)), collector.get().images());
        assertEquals(List.of("read", "punch"), order);
    }

    @Test
    void whatIsAskedForAfterItWasCondemnedIsNotHereAndStaysWhereItIsPutThen() throws IOException {
        Chunk chunk = first.chunks().getFirst();
        Lease lease = store.lease();
        before.put("punch segments", () -> {
            assertFalse(lease.has(chunk.id()));
            lease.put(chunk);
        });

        collectAll();

        assertTrue(before.isEmpty());
        assertEquals(Optional.of(chunk), store.chunk(chunk.id()));
        store.flush();
        collectAll();
        reopen();
        assertEquals(Optional.of(chunk), store.chunk(chunk.id()));
    }

    @Test
    void anImageThatIsNamedAfterTheRootsWereAskedForStays() throws IOException {
        duringTheSurvey(() -> store.point("db", id(first)));

        assertEquals(List.of(), collectAll().images());
        reopen();
        assertWhole(first);
    }

    @Test
    void whatAnImageThatStaysAfterAllSharesWithOthersStaysToo() throws IOException {
        RandomImage both = RandomImage.withChunksOf(first, random, 9);
        both.installInto(store);
        duringTheSurvey(() -> store.point("db", id(first)));

        assertEquals(List.of(id(both)), collectAll().images());
        assertWhole(first);
    }

    @Test
    void anImageThatIsInstalledAfterTheInstalledOnesWereListedStays() throws IOException {
        RandomImage late = RandomImage.ofBlocks(random, 100, 20);
        for (Chunk chunk : late.chunks()) {
            store.put(chunk);
        }
        late.putManifest(store);
        duringTheSurvey(() -> store.install(late.manifest()));

        assertEquals(List.of(id(first)), collectAll().images());
        assertWhole(late);
        reopen();
        assertWhole(late);
    }

    @Test
    void whatALeaseHeldThatIsClosedDuringACollectionStaysForItsTime() throws IOException {
        RandomImage late = RandomImage.ofBlocks(random, 100, 20);
        duringTheSurvey(() -> {
            try (Lease lease = store.lease()) {
                for (Chunk chunk : late.chunks()) {
                    lease.put(chunk);
                }
                late.putManifest(lease);
                store.install(late.manifest());
            }
        });

        collectAll();

        assertWhole(late);
    }

    @Test
    void headsAndPagesThatAreHeldWhileFilesAreDeletedStay() throws IOException {
        RandomImage late = RandomImage.ofBlocks(random, 100, 20);
        late.putManifest(store);
        Lease lease = store.lease();
        before.put("delete manifests", () -> {
            late.pages().keySet().forEach(page -> assertTrue(lease.hasPage(page)));
            assertTrue(lease.head(id(late)).isPresent());
        });

        collectAll();

        assertTrue(before.isEmpty(), "files of the image that goes are deleted, by chance one of them first");
        assertTrue(late.pages().keySet().stream().allMatch(store::hasPage));
        assertTrue(store.head(id(late)).isPresent());
    }

    @Test
    void anImageIsNotNamedOnceItHasBegunToGo() throws IOException {
        before.put(
                "punch segments", () -> assertThrows(IllegalStateException.class, () -> store.point("db", id(first))));

        assertEquals(List.of(id(first)), collectAll().images());
        assertTrue(before.isEmpty());
    }

    @Test
    void anImageIsRemovedDurablyBeforeItsChunksAreCondemned() throws IOException {
        List<FaultDisk> found = new ArrayList<>();
        List<FaultDisk> between = new ArrayList<>();
        // The first force of the journal is that of REMOVE, the second that of CONDEMN.
        duringTheSurvey(() -> before.put(
                "force journal",
                () -> before.put("force journal", () -> {
                    between.add(disk.afterPowerCut(new SplittableRandom(1)));
                    before.put("punch segments", () -> found.add(disk.afterPowerCut(new SplittableRandom(1))));
                })));
        collectAll();

        try (SegmentStore after = open(found.getFirst())) {
            assertEquals(List.of(id(second)), after.installed());
            for (Chunk chunk : first.chunks()) {
                assertFalse(after.has(chunk.id()));
            }
        }
        try (SegmentStore after = open(between.getFirst())) {
            assertEquals(List.of(id(second)), after.installed());
            for (Chunk chunk : first.chunks()) {
                assertEquals(Optional.of(chunk), after.chunk(chunk.id()));
            }
        }
    }

    /// When refs and leases have been asked for, and installed images listed.
    private void duringTheSurvey(Action action) {
        List<Action> once = new ArrayList<>(List.of(action));
        store.addRoots(new Roots() {
            @Override
            public Set<ManifestId> manifests() {
                return Set.of();
            }

            @Override
            public void chunks(Consumer<ChunkId> out) throws IOException {
                if (!once.isEmpty()) {
                    once.removeFirst().run();
                }
            }
        });
    }

    private CollectReport collectAll() throws IOException {
        return store.collect(Goal.ALL, Progress.NONE);
    }

    private void reopen() throws IOException {
        store.close();
        store = open();
    }

    private void assertWhole(RandomImage image) throws IOException {
        assertTrue(store.installed().contains(id(image)));
        ManifestHead head = ManifestHead.verify(id(image), store.head(id(image)).orElseThrow());
        assertEquals(image.manifest().chunks(), Manifest.read(head, store).chunks());
        for (Chunk chunk : image.chunks()) {
            assertEquals(Optional.of(chunk), store.chunk(chunk.id()));
        }
    }

    private static ManifestId id(RandomImage image) {
        return image.manifest().id();
    }

    private static <T> FutureTask<T> start(Callable<T> work) {
        FutureTask<T> task = new FutureTask<>(work);
        Thread.ofPlatform().start(task);
        return task;
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private void observed(String operation, Path file) throws IOException {
        Path parent = ROOT.relativize(file).getName(0);
        Action action;
        synchronized (before) {
            action = before.remove(operation + " " + parent);
        }
        if (action != null) {
            action.run();
        }
    }

    private SegmentStore open() throws IOException {
        return open(StoreDirectory.open(new ObservedDisk(disk, this::observed), ROOT));
    }

    private SegmentStore open(FaultDisk other) throws IOException {
        return open(StoreDirectory.open(other, ROOT));
    }

    private SegmentStore open(StoreDirectory directory) throws IOException {
        return SegmentStore.open(directory, SETTINGS, codec, () -> {});
    }
}
