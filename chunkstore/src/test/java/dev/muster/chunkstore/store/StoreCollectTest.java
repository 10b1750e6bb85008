package dev.muster.chunkstore.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.muster.chunkstore.Hushed;
import dev.muster.chunkstore.Progress;
import dev.muster.chunkstore.codec.FrameCodec;
import dev.muster.chunkstore.disk.FaultDisk;
import dev.muster.protocol.MusterException.Corrupt;
import dev.muster.protocol.MusterException.StoreRefused;
import dev.muster.protocol.content.Chunk;
import dev.muster.protocol.content.Hash;
import dev.muster.protocol.content.ManifestId;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// What a collection does to the files.
@ExtendWith(Hushed.class)
final class StoreCollectTest {
    private static final Path ROOT = Path.of("/store");
    private static final Path SEGMENTS = ROOT.resolve("segments");
    private static final StoreSettings SETTINGS =
            new StoreSettings(4 << 20, 0, 64 << 20, Duration.ofHours(1), 64 << 20, 1 << 20);

    private final SplittableRandom random = new SplittableRandom(3);
    private final FrameCodec codec = new FrameCodec();
    private final FaultDisk disk = new FaultDisk(256 << 20);
    private final RandomImage kept = RandomImage.ofBlocks(random, 9000, 60);
    private final RandomImage cached = RandomImage.ofBlocks(random, 9000, 60);
    private Instant now = Instant.EPOCH;

    @AfterEach
    void speak() {
        codec.close();
    }

    @Test
    void roomBetweenWhatCountsIsPunched() throws IOException {
        try (SegmentStore store = open(disk)) {
            putInTurns(store);
            long before = store.stat().chunkBytes();
            long freed = store.stat().reclaimableBytes();
            int segments = store.stat().segments();
            long allocated = disk.allocated(SEGMENTS);
            assertTrue(segments > 2);

            assertEquals(freed, store.collect(Goal.ALL, Progress.NONE).bytes());

            assertEquals(before - freed, store.stat().chunkBytes());
            assertTrue(disk.allocated(SEGMENTS) <= allocated - freed);
            assertEquals(segments, store.stat().segments(), "something of each counts");
            assertWhole(store, kept);
        }
        try (SegmentStore store = open(disk)) {
            assertWhole(store, kept);
            cached.installInto(store);
            assertWhole(store, cached);
        }
    }

    @Test
    void aSegmentOfWhichNothingCountsIsDeletedAndItsNumberNeverComesBack() throws IOException {
        int last;
        try (SegmentStore store = open(disk)) {
            cached.installInto(store);
            last = store.stat().segments();
            assertTrue(last > 1);
            store.collect(Goal.ALL, Progress.NONE);
            assertEquals(List.of(SegmentFormat.fileName(last)), disk.list(SEGMENTS));
        }
        try (SegmentStore store = open(disk)) {
            kept.installInto(store);
            assertWhole(store, kept);
            store.collect(Goal.GARBAGE, Progress.NONE);
            assertEquals(SegmentFormat.fileName(last + 1), disk.list(SEGMENTS).getFirst());
        }
    }

    @Test
    void progressAddsUpToWhatItSaidAtFirst() throws IOException {
        try (SegmentStore store = open(disk)) {
            putInTurns(store);
            List<Long> totals = new ArrayList<>();
            long[] done = new long[1];
            CollectReport report = store.collect(Goal.ALL, new Progress() {
                @Override
                public void phase(String name, long totalBytes) {
                    assertEquals("free", name);
                    totals.add(totalBytes);
                }

                @Override
                public void advance(long bytes) {
                    done[0] += bytes;
                }
            });
            assertEquals(List.of(report.bytes()), totals);
            assertEquals(report.bytes(), done[0]);
        }
    }

    @Test
    void whereNothingCanBePunchedSparseSegmentsAreWrittenOnceMore() throws IOException {
        FaultDisk other = new FaultDisk(256 << 20).withoutPunching();
        RandomImage small = RandomImage.ofBlocks(random, 60, 20);
        try (SegmentStore store = open(other)) {
            cached.installInto(store);
            small.installInto(store);
            store.point("web", id(small));
            kept.installInto(store);
            for (int i = 0; i < 3; i++) {
                store.collect(Goal.ALL, Progress.NONE);
            }
            assertWhole(store, small);
            assertTrue(store.stat().segments() <= 2, store.stat().toString());
            assertTrue(other.allocated(SEGMENTS) <= 2 * SETTINGS.segmentBytes());
        }
        try (SegmentStore store = open(other)) {
            assertWhole(store, small);
        }
    }

    @Test
    void aDamagedRecordGivesItsRoomBack() throws IOException {
        try (SegmentStore store = open(disk)) {
            kept.installInto(store);
            store.point("web", id(kept));
            Chunk damaged = kept.chunks().get(3);
            long at = 4096;
            for (Chunk chunk : kept.chunks().subList(0, 3)) {
                at += SegmentRecord.of(chunk).bytes();
            }
            disk.open(SEGMENTS.resolve("00000001.seg")).write(ByteBuffer.wrap(new byte[] {1}), at + 50);
            long used = disk.allocated(SEGMENTS);
            assertThrows(Corrupt.class, () -> store.chunk(damaged.id()));
            assertFalse(store.has(damaged.id()));

            store.collect(Goal.GARBAGE, Progress.NONE);

            assertTrue(
                    disk.allocated(SEGMENTS) <= used - SegmentRecord.of(damaged).bytes());
            store.put(damaged);
            assertWhole(store, kept);
        }
        try (SegmentStore store = open(disk)) {
            assertWhole(store, kept);
        }
    }

    @Test
    void whatIsFoundDamagedInTheSegmentThatIsWrittenIsNotWrittenOver() throws IOException {
        RandomImage small = RandomImage.ofBlocks(random, 100, 20);
        Chunk last = small.chunks().getLast();
        try (SegmentStore store = open(disk)) {
            small.installInto(store);
            long at = 4096;
            for (Chunk chunk : small.chunks().subList(0, small.chunks().size() - 1)) {
                at += SegmentRecord.of(chunk).bytes();
            }
            disk.open(SEGMENTS.resolve("00000001.seg")).write(ByteBuffer.wrap(new byte[] {1}), at + 50);
            assertThrows(Corrupt.class, () -> store.chunk(last.id()));
        }
        try (SegmentStore store = open(disk)) {
            store.put(last);
            store.flush();
            store.collect(Goal.GARBAGE, Progress.NONE);
            assertEquals(Optional.of(last), store.chunk(last.id()));
        }
        try (SegmentStore store = open(disk)) {
            assertEquals(Optional.of(last), store.chunk(last.id()));
        }
    }

    @Test
    void aLeaseThatWasNotEndedHoldsForADayAfterACrash() throws IOException {
        SegmentStore store = open(disk);
        Lease lease = store.lease(id(kept));
        kept.putManifest(lease);
        lease.hold(kept.manifest());
        for (Chunk chunk : kept.chunks()) {
            store.put(chunk);
        }
        store.flush();
        FaultDisk found = disk.afterPowerCut(random);
        store.close();

        now = now.plus(Duration.ofHours(23));
        try (SegmentStore again = open(found)) {
            assertEquals(0, again.collect(Goal.ALL, Progress.NONE).chunks());
            again.install(kept.manifest());
        }
        try (SegmentStore again = open(found)) {
            assertEquals(0, again.collect(Goal.ALL, Progress.NONE).chunks());
            now = now.plus(Duration.ofHours(2));
            assertEquals(
                    List.of(id(kept)), again.collect(Goal.ALL, Progress.NONE).images());
        }
    }

    @Test
    void aLeaseThatIsUsedGoesOnAndOneThatIsOpenHoldsInAnyCase() throws IOException {
        SegmentStore store = open(disk);
        Lease used = store.lease(id(kept));
        Lease idle = store.lease(id(cached));
        for (RandomImage image : List.of(kept, cached)) {
            image.installInto(store);
        }
        now = now.plus(Duration.ofHours(23));
        assertTrue(used.has(kept.chunks().getFirst().id()));
        store.flush();
        now = now.plus(Duration.ofHours(2));
        assertEquals(List.of(), store.collect(Goal.ALL, Progress.NONE).images());
        FaultDisk found = disk.afterPowerCut(random);
        store.close();

        try (SegmentStore again = open(found)) {
            assertEquals(
                    List.of(id(cached)), again.collect(Goal.ALL, Progress.NONE).images());
        }
        idle.close();
        used.close();
    }

    @Test
    void twoLeasesOfAnImageEndWithTheLaterOne() throws IOException {
        FaultDisk found;
        try (SegmentStore store = open(disk)) {
            kept.installInto(store);
            Lease first = store.lease(id(kept));
            Lease second = store.lease(id(kept));
            first.close();
            store.flush();
            found = disk.afterPowerCut(new SplittableRandom(1));
            second.close();
        }
        try (SegmentStore store = open(found)) {
            assertEquals(List.of(), store.collect(Goal.ALL, Progress.NONE).images());
        }
        try (SegmentStore store = open(disk)) {
            assertEquals(
                    List.of(id(kept)), store.collect(Goal.ALL, Progress.NONE).images());
        }
    }

    @Test
    void nothingIsCollectedWhileAnImageThatIsKeptCannotBeRead() throws IOException {
        try (SegmentStore store = open(disk)) {
            cached.installInto(store);
            kept.installInto(store);
            store.point("web", id(kept));
            Hash page = kept.manifest().head().chunks().pages().getFirst().hash();
            Path file = ROOT.resolve("manifests")
                    .resolve(page.hex().substring(0, 2))
                    .resolve(page.hex());
            disk.open(file).write(ByteBuffer.wrap(new byte[] {9}), 40);

            Corrupt e = assertThrows(Corrupt.class, () -> store.collect(Goal.ALL, Progress.NONE));

            assertTrue(e.getMessage().startsWith("manifest " + id(kept)), e.getMessage());
            assertEquals(2, store.installed().size());
            kept.putManifest(store);
            assertEquals(
                    List.of(id(cached)), store.collect(Goal.ALL, Progress.NONE).images());
            assertWhole(store, kept);
        }
    }

    @Test
    void nothingIsCollectedOnRefsOfWhichNobodyKnowsWhatTheyWillBe() throws IOException {
        try (SegmentStore store = open(disk)) {
            kept.installInto(store);
            store.point("web", id(kept));
            disk.failAll("forceDirectory");
            assertThrows(IOException.class, () -> store.drop("web"));
            disk.failAll("");

            assertThrows(StoreRefused.class, () -> store.collect(Goal.ALL, Progress.NONE));
            assertEquals(List.of(id(kept)), store.installed());
        }
        try (SegmentStore store = open(disk)) {
            assertEquals(
                    List.of(id(kept)), store.collect(Goal.ALL, Progress.NONE).images());
        }
    }

    @Test
    void aStoreThatTakesNothingMoreCollectsNothing() throws IOException {
        SegmentStore store = open(disk);
        kept.installInto(store);
        store.put(cached.chunks().getFirst());
        disk.failAll("force");
        assertThrows(StoreRefused.class, store::flush);
        disk.failAll("");

        assertThrows(StoreRefused.class, () -> store.collect(Goal.ALL, Progress.NONE));
        assertWhole(store, kept);
        assertThrows(StoreRefused.class, store::close);
    }

    @Test
    void aSegmentThatIsNoneOfThisStoreAnyMoreIsLeftAloneUntilNothingOfItCounts() throws IOException {
        try (SegmentStore store = open(disk)) {
            putInTurns(store);
        }
        byte[] header = SegmentFormat.encodeHeader(StoreId.random(), 1);
        disk.open(SEGMENTS.resolve("00000001.seg")).write(ByteBuffer.wrap(header), 0);
        try (SegmentStore store = open(disk)) {
            store.collect(Goal.ALL, Progress.NONE);
            assertTrue(disk.exists(SEGMENTS.resolve("00000001.seg")));
            for (Chunk chunk : kept.chunks()) {
                try {
                    assertEquals(Optional.of(chunk), store.chunk(chunk.id()));
                } catch (Corrupt _) {
                    store.put(chunk);
                }
            }
            store.collect(Goal.ALL, Progress.NONE);
            assertFalse(disk.exists(SEGMENTS.resolve("00000001.seg")));
            assertWhole(store, kept);
        }
    }

    /// Chunks of the image that is kept and of the one that is not lie next to each other.
    private void putInTurns(SegmentStore store) throws IOException {
        int chunks = Math.max(kept.chunks().size(), cached.chunks().size());
        for (int i = 0; i < chunks; i++) {
            for (RandomImage image : List.of(kept, cached)) {
                if (i < image.chunks().size()) {
                    store.put(image.chunks().get(i));
                }
            }
        }
        kept.installInto(store);
        cached.installInto(store);
        store.point("web", id(kept));
    }

    private static void assertWhole(SegmentStore store, RandomImage image) throws IOException {
        for (Chunk chunk : image.chunks()) {
            assertEquals(Optional.of(chunk), store.chunk(chunk.id()));
        }
    }

    private static ManifestId id(RandomImage image) {
        return image.manifest().id();
    }

    private SegmentStore open(FaultDisk on) throws IOException {
        return SegmentStore.open(StoreDirectory.open(on, ROOT), SETTINGS, codec, () -> now, () -> {});
    }
}
