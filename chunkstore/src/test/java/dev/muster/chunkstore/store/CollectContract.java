package dev.muster.chunkstore.store;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.muster.chunkstore.Progress;
import dev.muster.protocol.content.Chunk;
import dev.muster.protocol.content.ChunkId;
import dev.muster.protocol.content.Hash;
import dev.muster.protocol.content.Manifest;
import dev.muster.protocol.content.ManifestHead;
import dev.muster.protocol.content.ManifestId;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What every store does for those who hold images and chunks, and to those that nobody holds.
abstract class CollectContract {
    final SplittableRandom random = new SplittableRandom(20261120);
    final RandomImage image = RandomImage.of(random, 400, 70);
    ChunkStore store = new MemoryChunkStore();

    protected abstract ChunkStore open() throws IOException;

    /// Another store of the same kind, empty.
    protected abstract ChunkStore openOther() throws IOException;

    @BeforeEach
    final void openStore() throws IOException {
        store = open();
    }

    @AfterEach
    final void closeStore() throws IOException {
        store.close();
    }

    @Test
    void whatNothingNamesIsCollected() throws IOException {
        putChunks(image);
        image.putManifest(store);
        long bytes = store.stat().chunkBytes();
        assertEquals(bytes, store.stat().reclaimableBytes());

        CollectReport report = store.collect(Goal.GARBAGE, Progress.NONE);

        assertEquals(new CollectReport(List.of(), image.chunks().size(), bytes), report);
        assertGone(image);
        assertEquals(0, store.stat().chunks());
        assertEquals(0, store.stat().chunkBytes());
        assertEquals(Optional.empty(), store.head(id(image)));
        image.installInto(store);
        assertWhole(image);
    }

    @Test
    void whatIsInstalledStaysUntilItsRoomIsWanted() throws IOException {
        List<RandomImage> images = installThree();
        long bytes = store.stat().chunkBytes();

        assertEquals(new CollectReport(List.of(), 0, 0), store.collect(Goal.GARBAGE, Progress.NONE));
        CollectReport report = store.collect(new Goal(1, false), Progress.NONE);

        assertEquals(List.of(id(images.get(0))), report.images(), "the one installed first");
        assertGone(images.get(0));
        assertWhole(images.get(1));
        assertWhole(images.get(2));
        assertEquals(bytes - report.bytes(), store.stat().chunkBytes());
        assertEquals(report.bytes(), bytesOf(images.get(0)));

        assertEquals(
                List.of(id(images.get(1)), id(images.get(2))),
                store.collect(Goal.ALL, Progress.NONE).images());
        assertEquals(List.of(), store.installed());
        assertEquals(0, store.stat().chunks());
        assertThrows(IllegalStateException.class, () -> store.point("web", id(images.get(1))));
    }

    @Test
    void whatARefNamesOrNamedStays() throws IOException {
        List<RandomImage> images = installThree();
        store.point("web", id(images.get(0)));
        store.point("web", id(images.get(1)));

        assertEquals(
                List.of(id(images.get(2))),
                store.collect(Goal.ALL, Progress.NONE).images());
        assertWhole(images.get(0));
        assertWhole(images.get(1));

        store.trim("web", 0);
        assertEquals(
                List.of(id(images.get(0))),
                store.collect(Goal.ALL, Progress.NONE).images());
        store.drop("web");
        assertEquals(
                List.of(id(images.get(1))),
                store.collect(Goal.ALL, Progress.NONE).images());
    }

    @Test
    void whatOthersKeepStays() throws IOException {
        List<RandomImage> images = installThree();
        ChunkId extra = images.get(2).chunks().getLast().id();
        putChunks(image);
        image.putManifest(store);
        store.addRoots(new Roots() {
            @Override
            public Set<ManifestId> manifests() {
                return Set.of(id(images.get(1)), id(image));
            }

            @Override
            public void chunks(Consumer<ChunkId> out) {
                out.accept(extra);
            }
        });

        store.collect(Goal.ALL, Progress.NONE);

        assertWhole(images.get(1));
        assertEquals(List.of(id(images.get(1))), store.installed());
        assertTrue(store.has(extra));
        store.install(image.manifest());
        assertWhole(image);
        assertEquals(0, store.stat().reclaimableBytes());
    }

    @Test
    void whatIsToGoLastGoesLastAndOnlyIfTheGoalSaysSo() throws IOException {
        List<RandomImage> images = installThree();
        store.addRoots(new Roots() {
            @Override
            public Set<ManifestId> manifests() {
                return Set.of(id(images.get(1)));
            }

            @Override
            public Set<ManifestId> last() {
                return Set.of(id(images.get(0)), id(images.get(1)));
            }
        });

        assertEquals(
                List.of(CollectPlan.Fate.GOES, CollectPlan.Fate.LAST, CollectPlan.Fate.KEPT),
                store.plan(new Goal(Long.MAX_VALUE, false)).images().stream()
                        .map(CollectPlan.Image::fate)
                        .toList());
        assertEquals(
                List.of(id(images.get(2))),
                store.collect(new Goal(Long.MAX_VALUE, false), Progress.NONE).images());
        assertWhole(images.get(0));

        assertEquals(
                List.of(id(images.get(0))),
                store.collect(new Goal(1, true), Progress.NONE).images());
        assertEquals(List.of(id(images.get(1))), store.installed());
    }

    @Test
    void aChunkThatSeveralImagesNameStaysWithTheLastOfThem() throws IOException {
        RandomImage second = RandomImage.withChunksOf(image, random, 5);
        image.installInto(store);
        second.installInto(store);

        CollectPlan plan = store.plan(new Goal(1, false));
        assertEquals(
                List.of(
                        new CollectPlan.Image(id(image), CollectPlan.Fate.GOES, bytesOf(image), 0),
                        new CollectPlan.Image(
                                id(second), CollectPlan.Fate.GOES, bytesOf(second), bytesOf(second) - bytesOf(image))),
                plan.images());
        assertEquals(0, plan.unnamed());
        assertEquals(store.stat().chunkBytes(), plan.reclaimable());

        store.point("web", id(second));
        assertEquals(0, store.plan(new Goal(1, false)).freed());
        assertEquals(
                List.of(id(image)),
                store.collect(new Goal(1, false), Progress.NONE).images());
        assertWhole(second);
    }

    @Test
    void aPlanSaysWhatACollectionDoesAndDoesNothing() throws IOException {
        List<RandomImage> images = installThree();
        putChunks(image);
        store.point("web", id(images.get(0)));
        Goal goal = new Goal(bytesOf(image) + 1, false);

        CollectPlan plan = store.plan(goal);

        assertEquals(bytesOf(image), plan.unnamed());
        assertEquals(store.stat().reclaimableBytes(), plan.reclaimable());
        assertEquals(
                List.of(
                        new CollectPlan.Image(
                                id(images.get(1)),
                                CollectPlan.Fate.GOES,
                                bytesOf(images.get(1)),
                                bytesOf(images.get(1))),
                        new CollectPlan.Image(
                                id(images.get(2)),
                                CollectPlan.Fate.CACHED,
                                bytesOf(images.get(2)),
                                bytesOf(images.get(2))),
                        new CollectPlan.Image(
                                id(images.get(0)),
                                CollectPlan.Fate.KEPT,
                                bytesOf(images.get(0)),
                                bytesOf(images.get(0)))),
                plan.images());
        assertEquals(3, store.installed().size());
        CollectReport report = store.collect(goal, Progress.NONE);
        assertEquals(plan.freed(), report.bytes());
        assertEquals(List.of(id(images.get(1))), report.images());
    }

    @Test
    void aLeaseOfAnImageHoldsWhatIsHereOfItAndWhatIsPutAfterwards() throws IOException {
        Chunk first = image.chunks().getFirst();
        store.put(first);
        image.putManifest(store);
        RandomImage other = RandomImage.of(random, 50, 20);
        putChunks(other);
        try (Lease lease = store.lease(id(image))) {
            store.collect(Goal.ALL, Progress.NONE);
            assertTrue(store.has(first.id()));
            assertGone(other);

            lease.hold(image.manifest());
            putChunks(image);
            store.collect(Goal.ALL, Progress.NONE);
            store.install(image.manifest());
            store.collect(Goal.ALL, Progress.NONE);
            assertWhole(image);
            assertEquals(0, store.stat().reclaimableBytes());
        }
        store.collect(Goal.ALL, Progress.NONE);
        assertGone(image);
    }

    @Test
    void whatIsPutThroughALeaseStaysUntilItIsClosed() throws IOException {
        Lease lease = store.lease();
        for (Chunk chunk : image.chunks()) {
            lease.put(chunk);
            assertEquals(0, store.collect(Goal.ALL, Progress.NONE).chunks());
        }
        image.putManifest(lease);
        store.collect(Goal.ALL, Progress.NONE);
        store.install(image.manifest());
        store.collect(Goal.ALL, Progress.NONE);
        assertWhole(image);

        lease.close();
        lease.close();
        assertEquals(List.of(id(image)), store.collect(Goal.ALL, Progress.NONE).images());
        assertGone(image);
    }

    @Test
    void whatIsAskedForThroughALeaseStays() throws IOException {
        image.installInto(store);
        try (Lease lease = store.lease()) {
            ChunkId asked = image.chunks().getFirst().id();
            Hash page = image.manifest().head().chunks().pages().getFirst().hash();
            assertTrue(lease.has(asked));
            assertTrue(lease.hasPage(page));
            assertFalse(
                    lease.has(RandomImage.of(random, 9, 9).chunks().getFirst().id()));

            assertEquals(
                    image.chunks().size() - 1,
                    store.collect(Goal.ALL, Progress.NONE).chunks());
            assertTrue(store.has(asked));
            assertArrayEquals(lease.page(page), store.page(page));
            assertEquals(Optional.empty(), lease.head(id(image)));
        }
    }

    @Test
    void collectingWhileOthersInstallAndReadLosesNothingThatIsKept() throws Exception {
        image.installInto(store);
        store.point("web", id(image));
        List<RandomImage> images = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            images.add(RandomImage.of(random, 60, 20));
        }
        AtomicBoolean done = new AtomicBoolean();
        try (var threads = Executors.newFixedThreadPool(4)) {
            List<Future<Boolean>> work = new ArrayList<>();
            work.add(threads.submit(() -> collectUntil(done)));
            work.add(threads.submit(() -> readUntil(done)));
            for (int half = 0; half < 2; half++) {
                List<RandomImage> mine = images.subList(half * 3, half * 3 + 3);
                work.add(threads.submit(() -> installAll(mine)));
            }
            for (Future<Boolean> each : work.subList(2, 4)) {
                assertTrue(each.get());
            }
            done.set(true);
            for (Future<Boolean> each : work) {
                assertTrue(each.get());
            }
        }
        assertWhole(image);
    }

    private boolean collectUntil(AtomicBoolean done) throws IOException {
        while (!done.get()) {
            store.collect(Goal.ALL, Progress.NONE);
        }
        return true;
    }

    private boolean readUntil(AtomicBoolean done) throws IOException {
        while (!done.get()) {
            assertWhole(image);
        }
        return true;
    }

    private boolean installAll(List<RandomImage> images) throws IOException {
        for (RandomImage each : images) {
            for (int i = 0; i < 5; i++) {
                try (Lease lease = store.lease()) {
                    for (Chunk chunk : each.chunks()) {
                        if (!lease.has(chunk.id())) {
                            lease.put(chunk);
                        }
                    }
                    each.putManifest(lease);
                    store.install(each.manifest());
                    store.point("name" + (i % 2), id(each));
                }
                assertWhole(each);
            }
        }
        return true;
    }

    private List<RandomImage> installThree() throws IOException {
        List<RandomImage> images = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            images.add(RandomImage.of(random, 80, 20));
            images.getLast().installInto(store);
        }
        return images;
    }

    private void putChunks(RandomImage image) throws IOException {
        for (Chunk chunk : image.chunks()) {
            store.put(chunk);
        }
    }

    static ManifestId id(RandomImage image) {
        return image.manifest().id();
    }

    /// What its chunks take in this store.
    private long bytesOf(RandomImage image) throws IOException {
        try (ChunkStore alone = openOther()) {
            for (Chunk chunk : image.chunks()) {
                alone.put(chunk);
            }
            return alone.stat().chunkBytes();
        }
    }

    private void assertWhole(RandomImage image) throws IOException {
        assertTrue(store.installed().contains(id(image)));
        for (Chunk chunk : image.chunks()) {
            assertEquals(Optional.of(chunk), store.chunk(chunk.id()));
        }
        ManifestHead head = ManifestHead.verify(id(image), store.head(id(image)).orElseThrow());
        assertEquals(image.manifest().extents(), Manifest.read(head, store).extents());
    }

    private void assertGone(RandomImage image) throws IOException {
        assertFalse(store.installed().contains(id(image)));
        for (Chunk chunk : image.chunks()) {
            assertFalse(store.has(chunk.id()));
            assertEquals(Optional.empty(), store.chunk(chunk.id()));
        }
    }
}
