package dev.muster.chunkstore.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.muster.chunkstore.Progress;
import dev.muster.chunkstore.disk.DiskFile;
import dev.muster.chunkstore.disk.FaultDisk;
import dev.muster.chunkstore.store.Finding.Kind;
import dev.muster.protocol.MusterException.Corrupt;
import dev.muster.protocol.content.Block;
import dev.muster.protocol.content.Chunk;
import dev.muster.protocol.content.ChunkId;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class ScrubTest {
    private final StoredImages images = new StoredImages(new SplittableRandom(6), 3, 500);
    private final RandomImage image = images.images().getFirst();
    private final FaultDisk disk = new FaultDisk(64 << 20);
    private SegmentStore store;

    /// A rebuild seals segments: each image has one of its own.
    @BeforeEach
    void fill() throws IOException {
        for (RandomImage each : images.images()) {
            store = StoredImages.open(disk);
            each.installInto(store);
            store.point("web", image.manifest().id());
            if (!each.equals(images.images().getLast())) {
                store.close();
                Fsck.open(disk, StoredImages.ROOT).rebuild(Progress.NONE);
            }
        }
    }

    @AfterEach
    void close() throws IOException {
        store.close();
    }

    @Test
    void aWholeStoreIsReadToItsEndAndHasNoFindings() throws Exception {
        ScrubReport report = scrub(images.peerOf(store));

        assertEquals(new ScrubReport(store.stat().chunkBytes(), 0, 0, List.of(), 0), report);
        assertEquals(new ScrubCursor(1, 0), cursor());
        assertEquals(report, scrub(images.peerOf(store)));
        assertEquals(new ScrubCursor(2, 0), cursor());
    }

    @Test
    void whatRottedIsNamedAndPutAgain() throws Exception {
        Chunk head = image.chunks().get(0);
        Chunk header = image.chunks().get(1);
        Chunk payload = image.chunks().get(2);
        Chunk blocks = image.chunks().get(3);
        rot(place(head), 30);
        rot(place(header), Block.BYTES + 3);
        rot(place(payload), place(payload).bytes() - Block.BYTES);
        // Frames that do not hold what the header says, under a right checksum.
        Place place = place(blocks);
        try (DiskFile file = disk.open(segment(place))) {
            file.write(SegmentRecord.of(RandomImage.damaged(blocks, 0)).at(place), place.offset());
        }

        ScrubReport report = scrub(images.peerOf(store));

        assertEquals(4, report.badChunks());
        assertEquals(4, report.repaired());
        assertEquals(
                List.of(head.id(), header.id(), payload.id(), blocks.id()),
                report.findings().stream()
                        .map(finding -> ChunkId.parse(finding.what()))
                        .toList());
        assertEquals(List.of(), images.readAll(store));
        assertEquals(0, scrub(Repair.NONE).badChunks());
    }

    @Test
    void whatNobodyHasIsNotHereAnyMore() throws Exception {
        Chunk chunk = image.chunks().getFirst();
        rot(place(chunk), 30);

        ScrubReport report = scrub(Repair.NONE);

        assertEquals(1, report.badChunks());
        assertEquals(0, report.repaired());
        assertFalse(store.has(chunk.id()));
    }

    @Test
    void aSegmentThatIsGoneHasOnlyBadChunks() throws Exception {
        disk.delete(segment(place(image.chunks().getFirst())));

        ScrubReport report = scrub(images.peerOf(store));

        assertEquals(image.chunks().size(), report.badChunks());
        assertEquals(List.of(), images.readAll(store));
    }

    @Test
    void aHeaderIsWrittenAnew() throws Exception {
        Path first = segment(place(image.chunks().getFirst()));
        StoredImages.flip(disk, first, 99);

        ScrubReport report = scrub(Repair.NONE);

        assertEquals(0, report.badChunks());
        assertEquals(Kind.SEGMENT, report.findings().getFirst().kind());
        assertEquals(List.of(), scrub(Repair.NONE).findings());
    }

    @Test
    void whatTheDiskCannotReadEndsNoScrub() throws Exception {
        Chunk chunk = images.images().getLast().chunks().getFirst();
        disk.lose(segment(place(chunk)), place(chunk).offset() + Block.BYTES);
        disk.lose(segment(place(image.chunks().getFirst())), 99);
        disk.lose(StoredImages.ROOT.resolve("refs/web"), 20);
        disk.lose(StoredImages.ROOT.resolve("identity"), 20);

        ScrubReport report = scrub(images.peerOf(store));

        assertEquals(1, report.badChunks());
        assertEquals(1, report.repaired());
        assertEquals(
                List.of(Kind.SEGMENT, Kind.CHUNK, Kind.REF, Kind.IDENTITY),
                report.findings().stream().map(Finding::kind).toList());
        store.point("web", images.images().getLast().manifest().id());
        assertEquals(List.of(), scrub(Repair.NONE).findings());
        assertEquals(List.of(), images.readAll(store));
    }

    @Test
    void aChunkThatTheDiskCannotReadIsNamedAndMayBePutAgain() throws Exception {
        Chunk chunk = image.chunks().getFirst();
        Place place = place(chunk);
        disk.lose(segment(place), place.offset() + Block.BYTES);

        Corrupt e = assertThrows(Corrupt.class, () -> store.chunk(chunk.id()));

        assertTrue(e.getMessage().contains(chunk.id().toString()), e.getMessage());
        assertFalse(store.has(chunk.id()));
        store.put(chunk);
        assertEquals(Optional.of(chunk), store.chunk(chunk.id()));
    }

    @Test
    void aSegmentsFirstBlockCostsNoChunk() throws Exception {
        Path first = segment(place(image.chunks().getFirst()));
        StoredImages.flip(disk, first, 99);

        assertEquals(List.of(), images.readAll(store));
        disk.lose(first, 99);
        assertEquals(List.of(), images.readAll(store));
    }

    @Test
    void aRefThatRottedStopsCollectionOnlyAndIsMendedByPointingIt() throws Exception {
        store.point("db", image.manifest().id());
        StoredImages.flip(disk, StoredImages.ROOT.resolve("refs/db"), 77);
        store.close();

        store = StoredImages.open(disk);
        assertThrows(Corrupt.class, () -> store.ref("db"));
        assertThrows(Corrupt.class, () -> store.collect(Goal.ALL, Progress.NONE));
        store.uninstall(images.images().getLast().manifest().id());
        store.flush();
        assertEquals(
                List.of(Kind.REF),
                scrub(Repair.NONE).findings().stream().map(Finding::kind).toList());

        store.point("db", image.manifest().id());
        assertEquals(image.manifest().id(), store.ref("db").orElseThrow().current());
        store.collect(Goal.ALL, Progress.NONE);
        StoredImages.flip(disk, StoredImages.ROOT.resolve("refs/db"), 77);
        assertTrue(store.drop("db"));
        assertEquals(List.of(), scrub(Repair.NONE).findings());
    }

    @Test
    void smallFilesThatRottedAreNamedAndMended() throws Exception {
        String hex = image.manifest().id().hash().hex();
        Path head = StoredImages.ROOT.resolve("manifests/" + hex.substring(0, 2) + "/" + hex);
        StoredImages.flip(disk, head, 77);
        StoredImages.flip(disk, StoredImages.ROOT.resolve("refs/web"), 77);
        StoredImages.flip(disk, StoredImages.ROOT.resolve("identity"), 77);
        Path journal = StoredImages.ROOT.resolve("journal");
        StoredImages.flip(disk, journal.resolve(snapshot(journal)), 777);
        disk.replace(StoredImages.ROOT.resolve("scrub"), new byte[28]);

        ScrubReport report = scrub(images.peerOf(store));

        assertEquals(
                List.of(Kind.SCRUB, Kind.MANIFEST_FILE, Kind.REF, Kind.JOURNAL, Kind.IDENTITY),
                report.findings().stream().map(Finding::kind).toList());
        assertEquals(1, report.repaired());
        store.close();
        disk.delete(StoredImages.ROOT.resolve("refs/web"));
        store = StoredImages.open(disk);
        assertEquals(List.of(), images.readAll(store));
        assertEquals(List.of(), scrub(Repair.NONE).findings());
    }

    @Test
    void aScrubGoesOnWhereTheLastOneWasInterrupted() throws Exception {
        long firstBytes = bytesIn(1);
        Pace interrupted = new Pace(1, () -> 0, nanos -> {
            if (cursor().segment() == 1) {
                throw new InterruptedException();
            }
        });

        assertThrows(InterruptedException.class, () -> Scrub.run(store, Repair.NONE, interrupted, Progress.NONE));
        assertEquals(new ScrubCursor(0, 1), cursor());

        ScrubReport rest = scrub(Repair.NONE);
        assertEquals(store.stat().chunkBytes() - firstBytes, rest.checkedBytes());
        assertEquals(new ScrubCursor(1, 0), cursor());
    }

    @Test
    void whatIsCollectedMeanwhileIsNotDamaged() throws Exception {
        List<Map.Entry<ChunkId, Place>> all = new ArrayList<>();
        store.contents().chunks().entries().forEach(all::add);
        try (ExecutorService threads = Executors.newFixedThreadPool(1)) {
            Future<Boolean> collector = threads.submit(() -> {
                for (Map.Entry<ChunkId, Place> chunk : all) {
                    assertTrue(store.contents().chunks().remove(chunk.getKey(), chunk.getValue()));
                    try (DiskFile file = disk.open(segment(chunk.getValue()))) {
                        file.punch(chunk.getValue().offset(), chunk.getValue().bytes());
                    }
                }
                return true;
            });
            while (!collector.isDone()) {
                assertEquals(List.of(), scrub(Repair.NONE).findings());
            }
            assertTrue(collector.get());
        }
        assertEquals(0, store.stat().chunks());
    }

    @Test
    void aPaceIsKept() throws Exception {
        AtomicLong now = new AtomicLong();
        Pace pace = new Pace(1_000_000, now::get, now::addAndGet);
        for (int i = 0; i < 100; i++) {
            pace.spend(50_000);
            now.addAndGet(1_000);
        }
        assertEquals(5_000_100_000L, now.get());

        now.addAndGet(60_000_000_000L);
        long before = now.get();
        pace.spend(1_000_000);
        assertEquals(before + 1_000_000_000L, now.get(), "a pause is not made up for");
    }

    @Test
    void theCursorsBytes() throws Exception {
        byte[] file = new ScrubCursor(5, 17).encode();

        assertEquals(
                "4d53545253435242" + "0100" + "0000" + "0500000000000000" + "11000000" + "e184bd61",
                HexFormat.of().formatHex(file));
        assertEquals(new ScrubCursor(5, 17), ScrubCursor.decode(file));
        for (int bit = 0; bit < file.length * 8; bit++) {
            byte[] damaged = file.clone();
            damaged[bit / 8] ^= (byte) (1 << bit % 8);
            assertThrows(Corrupt.class, () -> ScrubCursor.decode(damaged));
        }
    }

    private ScrubReport scrub(Repair repair) throws IOException, InterruptedException {
        return Scrub.run(store, repair, Long.MAX_VALUE, Progress.NONE);
    }

    private ScrubCursor cursor() {
        try {
            return ScrubCursor.read(disk, StoredImages.ROOT);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private Place place(Chunk chunk) {
        return store.contents().chunks().find(chunk.id()).orElseThrow();
    }

    private static Path segment(Place place) {
        return StoredImages.ROOT.resolve("segments").resolve(SegmentFormat.fileName(place.segment()));
    }

    private void rot(Place place, int at) throws IOException {
        StoredImages.flip(disk, segment(place), (place.offset() + at) * Byte.SIZE);
    }

    private long bytesIn(int segment) {
        return store.contents().chunks().inSegment(segment).stream()
                .mapToLong(entry -> entry.place().bytes())
                .sum();
    }

    private String snapshot(Path journal) {
        return disk.list(journal).stream()
                .filter(name -> name.endsWith(".snapshot"))
                .findFirst()
                .orElseThrow();
    }
}
