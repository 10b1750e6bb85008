package dev.muster.chunkstore.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.muster.chunkstore.Hushed;
import dev.muster.chunkstore.codec.FrameCodec;
import dev.muster.chunkstore.disk.FaultDisk;
import dev.muster.chunkstore.disk.ObservedDisk;
import dev.muster.protocol.MusterException.StoreRefused;
import dev.muster.protocol.content.Chunk;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// Disks that are full, or fail.
@ExtendWith(Hushed.class)
final class StoreFailureTest {
    /// Nothing is stored plain: it stays empty.
    private static final FrameCodec CODEC = new FrameCodec();

    private static final StoreSettings SETTINGS =
            new StoreSettings(4 << 20, 0, 64 << 20, Duration.ofHours(1), 64 << 20, 1 << 20);

    private final SplittableRandom random = new SplittableRandom(5);
    private final RandomImage image = RandomImage.ofBlocks(random, 15000, 100);

    @Test
    void aFullDiskRefusesChunksAndStillReads() throws IOException {
        FaultDisk disk = new FaultDisk(6 << 20);
        int kept = 0;
        try (SegmentStore store = open(disk);
                Lease lease = store.lease()) {
            StoreRefused refused = null;
            while (refused == null) {
                try {
                    lease.put(image.chunks().get(kept));
                    kept++;
                } catch (StoreRefused e) {
                    refused = e;
                }
            }
            assertTrue(kept > 5);
            assertTrue(
                    refused.toString().matches(".*expected room for \\d+ bytes, found \\d+ free.*"),
                    refused.toString());
            assertFalse(store.has(image.chunks().get(kept).id()));
            for (Chunk chunk : image.chunks().subList(0, kept)) {
                assertEquals(Optional.of(chunk), store.chunk(chunk.id()));
            }
            store.flush();
            Chunk next = image.chunks().get(kept);
            assertThrows(StoreRefused.class, () -> lease.put(next), "still full");
        }
        try (SegmentStore store = open(disk)) {
            assertEquals(kept, store.stat().chunks());
        }
    }

    @Test
    void theReserveIsLeftForJournalAndRefs() throws IOException {
        StoreSettings reserving = new StoreSettings(4 << 20, 3 << 20, 64 << 20, Duration.ofHours(1), 64 << 20, 1 << 20);
        FaultDisk disk = new FaultDisk(8 << 20);
        try (SegmentStore store =
                SegmentStore.open(StoreDirectory.open(disk, Path.of("/store")), reserving, CODEC, () -> {})) {
            Lease lease = store.lease();
            assertThrows(StoreRefused.class, () -> {
                for (Chunk chunk : image.chunks()) {
                    lease.put(chunk);
                }
            });
            assertTrue(store.stat().freeBytes() >= 2 << 20);
            RandomImage small = RandomImage.of(new SplittableRandom(0), 1, 1);
            small.putManifest(store);
        }
    }

    @Test
    void aWriteThatFailsOnASmallDiskIsNoWantOfRoom() throws IOException {
        FaultDisk disk = new FaultDisk(6 << 20);
        try (SegmentStore store = open(disk)) {
            disk.failAll("allocate");
            StoreRefused e = assertThrows(
                    StoreRefused.class, () -> store.put(image.chunks().getFirst()));
            disk.failAll("");

            assertTrue(e.getMessage().endsWith("allocate failed"), e.getMessage());
            assertTrue(e.getMessage().contains("expected to write"), e.getMessage());
        }
    }

    @Test
    void aSegmentThatIsGoneOnWithTakesNoMoreThanWasReservedForIt() throws IOException {
        StoreSettings large = new StoreSettings(64 << 20, 3 << 20, 64 << 20, Duration.ofHours(1), 64 << 20, 1 << 20);
        FaultDisk disk = new FaultDisk(12 << 20);
        for (int opened = 0; opened < 2; opened++) {
            int first = opened;
            try (SegmentStore store =
                            SegmentStore.open(StoreDirectory.open(disk, Path.of("/store")), large, CODEC, () -> {});
                    Lease lease = store.lease()) {
                lease.put(image.chunks().get(first));
                if (opened == 1) {
                    assertThrows(StoreRefused.class, () -> {
                        for (Chunk chunk : image.chunks()) {
                            lease.put(chunk);
                        }
                    });
                    assertTrue(store.stat().freeBytes() >= 2 << 20, store.stat().toString());
                }
            }
        }
    }

    @Test
    void whatIsNotDurableIsBoundedWithoutAnyFlush() throws IOException {
        StoreSettings tight = new StoreSettings(4 << 20, 0, 1 << 20, Duration.ofHours(1), 1 << 20, 1 << 20);
        FaultDisk disk = new FaultDisk(64 << 20);
        long written;
        StoreDirectory directory = StoreDirectory.open(disk, Path.of("/store"));
        try (SegmentStore store = SegmentStore.open(directory, tight, CODEC, () -> {})) {
            for (Chunk chunk : image.chunks()) {
                store.put(chunk);
            }
            written = store.stat().chunkBytes();
            disk = disk.afterPowerCut(random);
        }
        try (SegmentStore store = open(disk)) {
            assertTrue(written > 6 << 20);
            assertTrue(store.stat().chunkBytes() >= written - (1 << 20));
        }
    }

    @Test
    void aFailedForceLosesWhatWasPendingAndEndsWriting() throws IOException {
        FaultDisk disk = new FaultDisk(64 << 20);
        List<Chunk> before = image.chunks().subList(0, 3);
        List<Chunk> pending = image.chunks().subList(3, 6);
        SegmentStore store = open(disk);
        for (Chunk chunk : before) {
            store.put(chunk);
        }
        store.flush();
        for (Chunk chunk : pending) {
            store.put(chunk);
        }
        disk.failAll("force");

        StoreRefused e = assertThrows(StoreRefused.class, store::flush);
        assertTrue(e.toString().endsWith("force failed; it takes no more until it is opened again"), e.toString());
        disk.failAll("");

        assertThrows(StoreRefused.class, store::flush, "it is not tried again");
        assertThrows(StoreRefused.class, () -> store.put(image.chunks().getLast()));
        for (Chunk chunk : before) {
            assertEquals(Optional.of(chunk), store.chunk(chunk.id()), "reading goes on");
        }
        for (Chunk chunk : pending) {
            assertFalse(store.has(chunk.id()));
        }
        assertThrows(StoreRefused.class, store::close);

        try (SegmentStore again = open(disk)) {
            assertEquals(3, again.stat().chunks());
            image.installInto(again);
        }
    }

    @Test
    void aLogThatCannotGrowIsTriedAgain() throws IOException {
        FaultDisk disk = new FaultDisk(64 << 20);
        try (SegmentStore store = open(disk)) {
            Chunk chunk = image.chunks().getFirst();
            store.put(chunk);
            disk.failAll("write");
            assertThrows(StoreRefused.class, store::flush);
            assertEquals(Optional.of(chunk), store.chunk(chunk.id()), "written, and waiting");
            disk.failAll("");

            store.flush();
        }
        try (SegmentStore store = open(disk)) {
            assertEquals(1, store.stat().chunks());
        }
        assertTrue(disk.exists(Path.of("/store/journal/00000002.snapshot")), "all is well again");
    }

    @Test
    void aLogThatCannotGrowIsNotTriedWithoutAPause() throws IOException {
        StoreSettings eager = new StoreSettings(4 << 20, 0, 4096, Duration.ofHours(1), 64 << 20, 1 << 20);
        AtomicBoolean full = new AtomicBoolean(true);
        AtomicInteger tries = new AtomicInteger();
        ObservedDisk disk = new ObservedDisk(new FaultDisk(64 << 20), (operation, file) -> {
            if (full.get() && operation.equals("write") && file.toString().endsWith(".log")) {
                tries.incrementAndGet();
                throw new IOException("full");
            }
        });
        try (SegmentStore store =
                SegmentStore.open(StoreDirectory.open(disk, Path.of("/store")), eager, CODEC, () -> {})) {
            store.put(image.chunks().getFirst());
            for (int i = 0; i < 100; i++) {
                assertThrows(StoreRefused.class, store::flush);
            }
            assertTrue(tries.get() <= 1 + 100, tries + " tries, and only who waits has asked for them");
            full.set(false);
        }
    }

    @Test
    void whatIsNotWholeIsNotLeftOnAFullDisk() throws IOException {
        FaultDisk disk = new FaultDisk(64 << 20);
        Path file = Path.of("/store/file");
        disk.makeDirectory(file.getParent());
        for (String failing : List.of("write", "force", "rename")) {
            disk.failAll(failing);
            assertThrows(IOException.class, () -> disk.replace(file, new byte[10]));
            disk.failAll("");
            assertEquals(List.of(), disk.files(), failing);
        }
    }

    @Test
    void whateverOperationFailsNothingHalfWrittenIsSeenAndTheStoreOpensAgain() throws IOException {
        RandomImage small = RandomImage.ofBlocks(new SplittableRandom(8), 1500, 60);
        int operations = operationsOf(small);
        for (int fail = 1; fail <= operations; fail++) {
            FaultDisk disk = new FaultDisk(64 << 20).failAt(fail);
            try (SegmentStore store = open(disk)) {
                small.installInto(store);
                store.point("web", small.manifest().id());
            } catch (IOException _) {
                // Refused; what counts is what is there afterwards.
            }
            try (SegmentStore store = open(disk)) {
                for (Chunk chunk : small.chunks()) {
                    Optional<Chunk> found = store.chunk(chunk.id());
                    assertTrue(found.isEmpty() || found.get().equals(chunk), "operation " + fail);
                }
                small.installInto(store);
                store.point("web", small.manifest().id());
            }
            try (SegmentStore store = open(disk)) {
                assertEquals(1, store.installed().size(), "operation " + fail);
                assertEquals(small.chunks().size(), store.stat().chunks(), "operation " + fail);
            }
        }
    }

    private static int operationsOf(RandomImage image) throws IOException {
        FaultDisk disk = new FaultDisk(64 << 20);
        try (SegmentStore store = open(disk)) {
            image.installInto(store);
            store.point("web", image.manifest().id());
        }
        return disk.operations();
    }

    private static SegmentStore open(FaultDisk disk) throws IOException {
        return SegmentStore.open(StoreDirectory.open(disk, Path.of("/store")), SETTINGS, CODEC, () -> {});
    }
}
