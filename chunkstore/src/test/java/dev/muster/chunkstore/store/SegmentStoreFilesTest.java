package dev.muster.chunkstore.store;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.muster.chunkstore.codec.FrameCodec;
import dev.muster.protocol.MusterException.Corrupt;
import dev.muster.protocol.MusterException.StoreRefused;
import dev.muster.protocol.content.Chunk;
import dev.muster.protocol.content.ChunkId;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What lies in the directory of a store, and what becomes of it when it is damaged.
final class SegmentStoreFilesTest {
    /// Segments are small, and snapshots are taken often.
    private static final StoreSettings SMALL =
            new StoreSettings(4 << 20, 0, 1 << 20, Duration.ofMillis(20), 2 << 20, 500);

    @TempDir
    private Path dir;

    private final FrameCodec codec = new FrameCodec();
    private final SplittableRandom random = new SplittableRandom(11);
    private final RandomImage image = RandomImage.ofBlocks(random, 6000, 200);

    @AfterEach
    void close() {
        codec.close();
    }

    @Test
    void aStoreIsTheSameWhenItIsOpenedAgain() throws IOException {
        try (SegmentStore store = open()) {
            image.installInto(store);
            store.point("web", image.manifest().id());
        }
        for (int i = 0; i < 3; i++) {
            try (SegmentStore store = open()) {
                for (Chunk chunk : image.chunks()) {
                    assertEquals(Optional.of(chunk), store.chunk(chunk.id()));
                }
                assertEquals(List.of(image.manifest().id()), store.installed());
                assertEquals(
                        image.manifest().id(), store.ref("web").orElseThrow().current());
                RandomImage more = RandomImage.of(random, 100, 50);
                for (Chunk chunk : more.chunks()) {
                    store.put(chunk);
                }
            }
        }
        assertTrue(names("segments").size() > 1, "several segments");
        assertEquals(
                1,
                names("journal").stream().filter(name -> name.endsWith(".log")).count());
        assertEquals(
                1,
                names("journal").stream()
                        .filter(name -> name.endsWith(".snapshot"))
                        .count());
    }

    @Test
    void manyThreadsWriteWhileSegmentsAreSealedAndSnapshotsTaken() throws Exception {
        try (SegmentStore store = open();
                ExecutorService threads = Executors.newFixedThreadPool(6)) {
            List<Callable<Boolean>> work = new ArrayList<>();
            for (int i = 0; i < 6; i++) {
                int first = i;
                work.add(() -> {
                    for (int at = first; at < image.chunks().size(); at += 3) {
                        Chunk chunk = image.chunks().get(at);
                        store.put(chunk);
                        assertEquals(Optional.of(chunk), store.chunk(chunk.id()));
                        if (at % 7 == 0) {
                            store.flush();
                        }
                    }
                    return true;
                });
            }
            for (Future<Boolean> done : threads.invokeAll(work)) {
                assertTrue(done.get());
            }
            store.flush();
            store.put(RandomImage.of(random, 10, 10).chunks().getFirst());
            store.flush();
            assertTrue(Integer.parseInt(names("journal").getLast().substring(0, 8)) > 1, "a snapshot was taken");
        }
        try (SegmentStore store = open()) {
            assertEquals(image.chunks().size() + 1, store.stat().chunks());
            for (Chunk chunk : image.chunks()) {
                assertEquals(Optional.of(chunk), store.chunk(chunk.id()));
            }
        }
    }

    @Test
    void aSealedSegmentIsAsLongAsWhatIsInItAndEndsInItsFooter() throws IOException {
        try (SegmentStore store = open()) {
            image.installInto(store);
        }
        List<String> segments = names("segments");
        for (String name : segments.subList(0, segments.size() - 1)) {
            byte[] bytes = Files.readAllBytes(dir.resolve("store/segments").resolve(name));
            assertTrue(bytes.length <= SMALL.segmentBytes());
            assertEquals("MSTRSEAL", new String(bytes, bytes.length - 16, 8, java.nio.charset.StandardCharsets.UTF_8));
        }
        assertEquals(
                SMALL.segmentBytes(), Files.size(dir.resolve("store/segments").resolve(segments.getLast())));
    }

    @Test
    void aFlippedBitIsFoundOnReadingAndTheChunkCanBePutAgain() throws IOException {
        List<Chunk> damaged = image.chunks().subList(0, 4);
        try (SegmentStore store = open()) {
            image.installInto(store);
        }
        // Records lie in the order in which they were put: a head, the chunk header, the payload.
        int at = 4096;
        for (int i = 0; i < damaged.size(); i++) {
            int payload =
                    4096 * SegmentRecord.headBlocks(damaged.get(i).header().blocks());
            flipBit(
                    "segments/00000001.seg",
                    at + List.of(0, 60, 4096 + 5, payload).get(i));
            at += SegmentRecord.of(damaged.get(i)).bytes();
        }
        try (SegmentStore store = open()) {
            for (Chunk chunk : damaged) {
                assertTrue(store.has(chunk.id()));
                Corrupt e = assertThrows(Corrupt.class, () -> store.chunk(chunk.id()));
                assertTrue(e.toString().contains("record of chunk " + chunk.id()), e.toString());
                assertFalse(store.has(chunk.id()));
                assertEquals(Optional.empty(), store.chunk(chunk.id()));

                store.put(chunk);
                assertEquals(Optional.of(chunk), store.chunk(chunk.id()));
            }
        }
        try (SegmentStore store = open()) {
            for (Chunk chunk : image.chunks()) {
                assertEquals(Optional.of(chunk), store.chunk(chunk.id()), "the newer record counts");
            }
        }
    }

    @Test
    void aSegmentThatIsGoneOrCutShortIsCorrupt() throws IOException {
        try (SegmentStore store = open()) {
            image.installInto(store);
        }
        ChunkId first = image.chunks().getFirst().id();
        try (RandomAccessFile file =
                new RandomAccessFile(dir.resolve("store/segments/00000001.seg").toFile(), "rw")) {
            file.setLength(4096);
        }
        try (SegmentStore store = open()) {
            assertThrows(Corrupt.class, () -> store.chunk(first));
            store.put(image.chunks().getFirst());
        }
        Files.delete(dir.resolve("store/segments/00000001.seg"));
        ChunkId second = image.chunks().get(1).id();
        try (SegmentStore store = open()) {
            assertThrows(Corrupt.class, () -> store.header(second));
        }
    }

    @Test
    void aSegmentOfAnotherStoreIsCorrupt() throws IOException {
        try (SegmentStore store = open();
                SegmentStore other = SegmentStore.open(dir.resolve("other"), dir.resolve("run"), SMALL, codec)) {
            image.installInto(store);
            image.installInto(other);
        }
        Files.delete(dir.resolve("store/segments/00000001.seg"));
        Files.copy(dir.resolve("other/segments/00000001.seg"), dir.resolve("store/segments/00000001.seg"));
        try (SegmentStore store = open()) {
            assertThrows(
                    Corrupt.class, () -> store.chunk(image.chunks().getFirst().id()));
        }
    }

    @Test
    void aJournalThatIsDamagedWithoutACrashIsRefused() throws IOException {
        try (SegmentStore store = open()) {
            image.installInto(store);
        }
        String snapshot = names("journal").stream()
                .filter(name -> name.endsWith(".snapshot"))
                .findFirst()
                .orElseThrow();
        flipBit("journal/" + snapshot, 200);
        assertThrows(Corrupt.class, this::open);

        Files.delete(dir.resolve("store/journal").resolve(snapshot));
        Corrupt e = assertThrows(Corrupt.class, this::open);
        assertEquals(
                "store " + dir.resolve("store")
                        + ": journal: expected 00000001.log, found no such file; see: muster store fsck",
                e.getMessage());

        for (String name : names("journal")) {
            Files.delete(dir.resolve("store/journal").resolve(name));
        }
        Corrupt none = assertThrows(Corrupt.class, this::open);
        assertTrue(none.toString().contains("journal: expected a log"), none.toString());
    }

    @Test
    void whatACrashLeftAtTheEndOfTheLogIsCutOff() throws IOException {
        StoreSettings noSnapshots = new StoreSettings(64 << 20, 0, 1 << 20, Duration.ofMillis(20), 2 << 20, 1 << 20);
        Path log = dir.resolve("store/journal/00000001.log");
        byte[] before;
        try (SegmentStore store = SegmentStore.open(dir.resolve("store"), dir.resolve("run"), noSnapshots, codec)) {
            image.installInto(store);
            before = Files.readAllBytes(log);
        }
        for (String name : names("journal")) {
            Files.delete(dir.resolve("store/journal").resolve(name));
        }
        byte[] torn = java.util.Arrays.copyOf(before, before.length + 30);
        torn[before.length] = 42;
        Files.write(log, torn);

        try (SegmentStore store = SegmentStore.open(dir.resolve("store"), dir.resolve("run"), noSnapshots, codec)) {
            assertEquals(List.of(image.manifest().id()), store.installed());
            assertArrayEquals(before, Files.readAllBytes(log));
        }
    }

    @Test
    void aRefToWhatIsNotInstalledIsRefused() throws IOException {
        try (SegmentStore store = open()) {
            image.installInto(store);
        }
        RandomImage other = RandomImage.of(random, 10, 5);
        Files.write(
                dir.resolve("store/refs/web"),
                RefFiles.encode(new ChunkStore.Ref("web", other.manifest().id(), List.of(), 1)));

        assertThrows(Corrupt.class, this::open);
    }

    @Test
    void filesNamedByContentAreNotRewritten() throws IOException {
        try (SegmentStore store = open()) {
            image.installInto(store);
            List<Object> before = inodes();
            image.putManifest(store);
            assertEquals(before, inodes());
        }
        String head = image.manifest().id().hash().hex();
        flipBit("manifests/" + head.substring(0, 2) + "/" + head, 20);
        try (SegmentStore store = open()) {
            assertThrows(Corrupt.class, () -> store.head(image.manifest().id()));
            image.putManifest(store);
            assertArrayEquals(
                    image.manifest().head().encode(),
                    store.head(image.manifest().id()).orElseThrow(),
                    "one that rotted is replaced");
        }
    }

    @Test
    void ofManyThatMakeAStoreAtTheSameTimeOneHasItAndAllOthersAreRefused() throws Exception {
        int rounds = 20;
        int openers = 4;
        for (int round = 0; round < rounds; round++) {
            Path root = dir.resolve("new-" + round);
            List<Future<Optional<SegmentStore>>> tries = new ArrayList<>();
            CyclicBarrier start = new CyclicBarrier(openers);
            try (ExecutorService threads = Executors.newFixedThreadPool(openers)) {
                for (int i = 0; i < openers; i++) {
                    tries.add(threads.submit(() -> {
                        start.await();
                        return tryOpen(root);
                    }));
                }
            }
            List<SegmentStore> open = new ArrayList<>();
            for (Future<Optional<SegmentStore>> each : tries) {
                each.get().ifPresent(open::add);
            }
            assertEquals(1, open.size(), "round " + round);
            open.getFirst().close();
        }
    }

    private Optional<SegmentStore> tryOpen(Path root) throws IOException {
        try {
            return Optional.of(SegmentStore.open(root, dir.resolve("runtime"), StoreSettings.defaults(), codec));
        } catch (StoreRefused e) {
            assertTrue(String.valueOf(e.getMessage()).contains("is in use by pid"), e::toString);
            return Optional.empty();
        }
    }

    @Test
    void aStoreIsOpenOnce() throws IOException {
        try (SegmentStore store = open()) {
            assertEquals(0, store.stat().chunks());
            StoreRefused e = assertThrows(StoreRefused.class, this::open);
            assertEquals(
                    "store " + dir.resolve("store") + " is in use by pid "
                            + ProcessHandle.current().pid(),
                    e.getMessage());
            assertThrows(StoreRefused.class, this::open, "the lock is still held");
        }
        open().close();
    }

    @Test
    void anInterruptedThreadStillReadsAndWrites() throws IOException {
        try (SegmentStore store = open()) {
            Thread.currentThread().interrupt();
            image.installInto(store);
            for (Chunk chunk : image.chunks()) {
                assertEquals(Optional.of(chunk), store.chunk(chunk.id()));
            }
            assertTrue(Thread.interrupted(), "and is still interrupted");
            for (Chunk chunk : image.chunks()) {
                assertEquals(Optional.of(chunk), store.chunk(chunk.id()));
            }
        }
        try (SegmentStore store = open()) {
            assertEquals(1, store.installed().size());
        }
    }

    @Test
    void aClosedStoreTakesNothing() throws IOException {
        SegmentStore store = open();
        store.close();
        store.close();

        assertThrows(IllegalStateException.class, () -> store.put(image.chunks().getFirst()));
    }

    private SegmentStore open() throws IOException {
        return SegmentStore.open(dir.resolve("store"), dir.resolve("run"), SMALL, codec);
    }

    private void flipBit(String name, long at) throws IOException {
        try (RandomAccessFile file =
                new RandomAccessFile(dir.resolve("store").resolve(name).toFile(), "rw")) {
            file.seek(at);
            int b = file.read();
            file.seek(at);
            file.write(b ^ 4);
        }
    }

    private List<String> names(String part) throws IOException {
        try (Stream<Path> files = Files.list(dir.resolve("store").resolve(part))) {
            return files.map(file -> String.valueOf(file.getFileName()))
                    .sorted()
                    .toList();
        }
    }

    private List<Object> inodes() throws IOException {
        List<Object> inodes = new ArrayList<>();
        try (Stream<Path> files = Files.walk(dir.resolve("store/manifests"))) {
            for (Path file : files.sorted().toList()) {
                inodes.add(Files.getAttribute(file, "unix:ino"));
            }
        }
        return inodes;
    }
}
