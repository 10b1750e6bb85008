package dev.muster.chunkstore.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.muster.chunkstore.Hushed;
import dev.muster.chunkstore.codec.FrameCodec;
import dev.muster.chunkstore.disk.FaultDisk;
import dev.muster.protocol.MusterException.StoreRefused;
import dev.muster.protocol.content.Chunk;
import dev.muster.protocol.content.ManifestId;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// A store whose room is used up.
@ExtendWith(Hushed.class)
final class StoreQuotaTest {
    private static final Path ROOT = Path.of("/store");
    private static final Path SEGMENTS = ROOT.resolve("segments");
    private static final long MIB = 1L << 20;
    private static final StoreSettings SETTINGS =
            new StoreSettings(4 * MIB, 0, 64 * MIB, Duration.ofHours(1), 64 * MIB, 100_000);

    private final SplittableRandom random = new SplittableRandom(6);
    private final RandomImage kept = RandomImage.ofBlocks(random, 2000, 60);
    private final List<RandomImage> others = new ArrayList<>();
    private final FrameCodec codec = new FrameCodec();

    StoreQuotaTest() {
        for (int i = 0; i < 4; i++) {
            others.add(RandomImage.ofBlocks(random, 2000, 60));
        }
    }

    @AfterEach
    void speak() {
        codec.close();
    }

    @Test
    void imagesThatNothingKeepsMakeRoomForOthersBelowTheQuota() throws IOException {
        long max = 3 * recordBytes(kept);
        FaultDisk disk = new FaultDisk(256 * MIB);
        try (SegmentStore store = open(disk, new Quota(max, 0))) {
            kept.installInto(store);
            store.point("web", id(kept));
            for (RandomImage other : others) {
                other.installInto(store);
                assertTrue(store.stat().chunkBytes() <= max);
                assertTrue(disk.allocated(SEGMENTS) <= max + (MIB >> 2));
                assertWhole(store, other);
                assertWhole(store, kept);
            }
            assertTrue(store.installed().containsAll(List.of(id(kept), id(others.getLast()))));
            assertFalse(store.installed().contains(id(others.getFirst())), "the one installed first went");
            assertTrue(store.installed().size() >= 2);
        }
        try (SegmentStore store = open(disk, new Quota(max, 0))) {
            assertWhole(store, kept);
        }
    }

    @Test
    void aCollectionGoesDownToTheLowWater() throws IOException {
        long max = 10 * recordBytes(kept);
        try (SegmentStore store = open(new FaultDisk(256 * MIB), new Quota(max, 0))) {
            List<RandomImage> small = new ArrayList<>();
            long before = 0;
            for (int i = 0; store.stat().chunkBytes() >= before; i++) {
                before = store.stat().chunkBytes();
                small.add(RandomImage.ofBlocks(random, 600, 60));
                small.get(i).installInto(store);
            }
            long after = store.stat().chunkBytes();
            assertTrue(after <= max / 100 * 90 + recordBytes(small.getLast()), after + " of " + max);
            assertTrue(after >= max / 2, "and not much lower");
        }
    }

    @Test
    void whatIsKeptIsNotCollectedAndTheRefusalSaysWhatKeepsIt() throws IOException {
        long max = recordBytes(kept) + recordBytes(others.getFirst()) / 2;
        try (SegmentStore store = open(new FaultDisk(256 * MIB), new Quota(max, 0))) {
            kept.installInto(store);
            store.point("web", id(kept));
            Lease lease = store.lease();
            StoreRefused e = assertThrows(StoreRefused.class, () -> {
                for (Chunk chunk : others.getFirst().chunks()) {
                    lease.put(chunk);
                }
            });
            assertTrue(
                    e.getMessage()
                            .matches("store /store: expected room for \\d+ bytes, found \\d+ free and \\d+ taken, all "
                                    + "but 0"
                                    + " kept by 1 images \\[" + id(kept).hash().brief()
                                    + "\\] and work in progress: store.max-size is used up; see muster store gc"
                                    + " --dry-run"),
                    e.getMessage());
            assertWhole(store, kept);
            Chunk last = others.getFirst().chunks().getLast();
            assertThrows(StoreRefused.class, () -> lease.put(last), "still");

            lease.close();
            store.put(last);
            assertEquals(Optional.of(last), store.chunk(last.id()));
            assertWhole(store, kept);
        }
    }

    @Test
    void aFullDiskMakesRoomTheSameWay() throws IOException {
        FaultDisk disk = new FaultDisk(16 * MIB);
        try (SegmentStore store = open(disk, new Quota(0, MIB))) {
            kept.installInto(store);
            store.point("web", id(kept));
            for (int i = 0; i < 3; i++) {
                for (RandomImage other : others) {
                    other.installInto(store);
                    assertWhole(store, other);
                }
            }
            assertWhole(store, kept);
            assertTrue(store.stat().freeBytes() >= MIB - 200_000, "what is to stay free, but for the journal");
        }
    }

    @Test
    void manyWhoFindNoRoomShareOneCollection() throws Exception {
        long max = 3 * recordBytes(kept);
        try (SegmentStore store = open(new FaultDisk(256 * MIB), new Quota(max, 0));
                var threads = Executors.newFixedThreadPool(6)) {
            kept.installInto(store);
            store.point("web", id(kept));
            others.getFirst().installInto(store);
            List<Callable<Boolean>> work = new ArrayList<>();
            for (RandomImage other : others.subList(1, 3)) {
                for (int part = 0; part < 3; part++) {
                    int from = part;
                    work.add(() -> {
                        for (int i = from; i < other.chunks().size(); i += 3) {
                            store.put(other.chunks().get(i));
                        }
                        return true;
                    });
                }
            }
            for (Future<Boolean> done : threads.invokeAll(work)) {
                assertTrue(done.get());
            }
            assertTrue(store.stat().chunkBytes() <= max);
            assertWhole(store, kept);
        }
    }

    @Test
    void aQuotaIsALimitAndNineTenthsOfIt() {
        assertThrows(IllegalArgumentException.class, () -> new Quota(-1, 0));
        assertThrows(IllegalArgumentException.class, () -> new Quota(0, -1));
        assertEquals(1_000, new Quota(1_000, 0).limit(500, 10_000));
        assertEquals(700, new Quota(1_000, 100).limit(500, 300), "the disk is smaller");
        assertEquals(0, new Quota(0, 1_000).limit(500, 300));
        assertEquals(900, Quota.lowWater(1_000));
        assertEquals(200, new Quota(1_000, 0).room(800));
        assertEquals(0, new Quota(1_000, 0).room(1_800));
    }

    private static long recordBytes(RandomImage image) {
        return image.chunks().stream()
                .mapToLong(chunk -> SegmentRecord.of(chunk).bytes())
                .sum();
    }

    private static void assertWhole(SegmentStore store, RandomImage image) throws IOException {
        assertTrue(store.installed().contains(id(image)));
        for (Chunk chunk : image.chunks()) {
            assertEquals(Optional.of(chunk), store.chunk(chunk.id()));
        }
    }

    private static ManifestId id(RandomImage image) {
        return image.manifest().id();
    }

    private SegmentStore open(FaultDisk disk, Quota quota) throws IOException {
        return SegmentStore.open(StoreDirectory.open(disk, ROOT), SETTINGS.withQuota(quota), codec, () -> {});
    }
}
