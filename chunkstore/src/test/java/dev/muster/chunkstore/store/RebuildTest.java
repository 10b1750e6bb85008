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
import dev.muster.protocol.content.ChunkHeader;
import dev.muster.protocol.content.Frame;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class RebuildTest {
    private static final Path SEGMENTS = StoredImages.ROOT.resolve("segments");
    private static final Path JOURNAL = StoredImages.ROOT.resolve("journal");
    private static final Path IDENTITY = StoredImages.ROOT.resolve("identity");

    private final SplittableRandom random = new SplittableRandom(9);
    private final StoredImages images = new StoredImages(random, 3, 250);
    private final RandomImage image = images.images().getFirst();
    private FaultDisk disk = new FaultDisk(64 << 20);

    @BeforeEach
    void fill() throws IOException {
        for (RandomImage each : images.images()) {
            try (SegmentStore store = StoredImages.open(disk)) {
                each.installInto(store);
                store.point("web", image.manifest().id());
            }
            if (!each.equals(images.images().getLast())) {
                rebuild();
            }
        }
        for (Path file : disk.files()) {
            if (file.toString().contains("~aside")) {
                disk.delete(file);
            }
        }
        assertEquals(3, disk.list(SEGMENTS).size(), "a rebuild seals segments");
    }

    @Test
    void everythingComesBackWithoutAnyJournal() throws IOException {
        for (String name : disk.list(JOURNAL)) {
            disk.delete(JOURNAL.resolve(name));
        }
        assertThrows(Corrupt.class, () -> StoredImages.open(disk));

        RebuildReport report = rebuild();

        assertEquals(new StoreCounts(3, images.chunks().size(), 3, 1), report.counts());
        assertEquals(
                List.of(Kind.JOURNAL),
                report.findings().stream().map(Finding::kind).toList());
        assertEquals(List.of(), report.setAside());
        assertAllIsThere();
        assertTrue(check().findings().isEmpty());
    }

    @Test
    void aSnapshotThatRotsLosesNothingAndIsSetAside() throws IOException {
        List<String> journal = disk.list(JOURNAL);
        StoredImages.flip(disk, JOURNAL.resolve(journal.getLast()), 999);

        RebuildReport report = rebuild();

        assertEquals(journal.stream().map(name -> "journal/" + name + "~aside").toList(), report.setAside());
        assertAllIsThere();
        assertTrue(disk.exists(JOURNAL.resolve(journal.getLast() + "~aside")), "it is kept");
        assertEquals(
                2,
                check().findings().stream()
                        .filter(finding -> finding.kind() == Kind.LEFTOVER)
                        .count());
    }

    @Test
    void aStoreThatIsWholeStaysSo() throws IOException {
        RebuildReport report = rebuild();
        assertEquals(List.of(), report.findings());
        rebuild();

        assertAllIsThere();
        try (SegmentStore store = StoredImages.open(disk)) {
            RandomImage more = RandomImage.ofBlocks(random, 200, 50);
            more.installInto(store);
        }
        assertAllIsThere();
    }

    @Test
    void aRebuildThatIsCutOffAnywhereCanBeDoneAgain() throws IOException {
        StoredImages.flip(disk, JOURNAL.resolve(disk.list(JOURNAL).getLast()), 999);
        StoredImages.flip(disk, IDENTITY, 150);
        StoredImages.flip(disk, SEGMENTS.resolve("00000001.seg"), 100);
        disk.replace(StoredImages.ROOT.resolve("refs/db"), new byte[7]);
        FaultDisk damaged = disk;
        int cut = 1;
        boolean done = false;
        for (; !done; cut++) {
            disk = damaged.copy().cutAt(cut);
            try {
                rebuild();
                done = true;
            } catch (IOException e) {
                assertTrue(e.toString().contains("no power; it can be done again"), e.toString());
            }
            disk = disk.afterPowerCut(random);
            rebuild();
            assertAllIsThere();
            assertFalse(disk.exists(StoredImages.ROOT.resolve("refs/db")));
        }
        assertTrue(cut > 15, "operations: " + cut);
    }

    @Test
    void ofTwoRecordsOfAChunkTheLaterOneCounts() throws IOException {
        Chunk chunk = image.chunks().getFirst();
        List<Place> places = putTwice(chunk);

        assertEquals(places.getLast(), placeAfterRebuild(chunk));
    }

    @Test
    void ofTwoRecordsOfAChunkTheEarlierOneCountsIfTheLaterIsDamaged() throws IOException {
        Chunk chunk = image.chunks().getFirst();
        List<Place> places = putTwice(chunk);
        Place second = places.getLast();

        StoredImages.flip(
                disk, SEGMENTS.resolve(SegmentFormat.fileName(second.segment())), (second.offset() + 99) * Byte.SIZE);

        assertEquals(places.getFirst(), placeAfterRebuild(chunk));
    }

    private List<Place> putTwice(Chunk chunk) throws IOException {
        try (SegmentStore store = StoredImages.open(disk)) {
            Place first = store.contents().chunks().find(chunk.id()).orElseThrow();
            store.contents().chunks().remove(chunk.id(), first);
            store.put(chunk);
            return List.of(first, store.contents().chunks().find(chunk.id()).orElseThrow());
        }
    }

    @Test
    void anImageThatLacksAChunkIsNotInstalledAndItsNameIsSetAside() throws IOException {
        Chunk lost = image.chunks().getLast();
        try (SegmentStore store = StoredImages.open(disk)) {
            Place place = store.contents().chunks().find(lost.id()).orElseThrow();
            Path file = SEGMENTS.resolve(SegmentFormat.fileName(place.segment()));
            StoredImages.flip(disk, file, (place.offset() + place.bytes() - Block.BYTES) * Byte.SIZE);
        }

        RebuildReport report = rebuild();

        assertEquals(List.of("refs/web~aside"), report.setAside().subList(0, 1));
        assertEquals(
                List.of(Kind.SEGMENT, Kind.CHUNK, Kind.IMAGE, Kind.REF),
                report.findings().stream().map(Finding::kind).toList());
        assertEquals(lost.id().toString(), report.findings().get(1).what());
        try (SegmentStore store = StoredImages.open(disk)) {
            assertEquals(2, store.installed().size());
            assertEquals(Optional.empty(), store.ref("web"));
            image.installInto(store);
            store.point("web", image.manifest().id());
        }
        assertAllIsThere();
    }

    @Test
    void theIdentityIsWhatMostFilesSay() throws IOException {
        StoreId id = StoreId.decode(disk.read(IDENTITY, 100));
        for (byte[] identity : List.of(new byte[0], new byte[32], new StoreId(UUID.randomUUID()).encode())) {
            disk.replace(IDENTITY, identity);
            assertEquals(Kind.IDENTITY, check().findings().getFirst().kind());

            rebuild();

            assertEquals(id, StoreId.decode(disk.read(IDENTITY, 100)));
            assertAllIsThere();
        }
        disk.delete(IDENTITY);
        assertThrows(Corrupt.class, () -> StoredImages.open(disk), "no new store is made over an old one");
        rebuild();
        assertAllIsThere();
    }

    @Test
    void theNumberOfALostSegmentIsNotUsedAgain() throws IOException {
        int last = 3;
        disk.delete(SEGMENTS.resolve(SegmentFormat.fileName(last)));

        rebuild();

        try (SegmentStore store = StoredImages.open(disk)) {
            RandomImage more = RandomImage.ofBlocks(random, 100, 20);
            more.installInto(store);
            Place place = store.contents()
                    .chunks()
                    .find(more.chunks().getFirst().id())
                    .orElseThrow();
            assertEquals(last + 1, place.segment());
        }
        assertTrue(check().isWhole());
    }

    @Test
    void aSegmentOfAnotherStoreIsSetAside() throws IOException {
        Path stranger = SEGMENTS.resolve("00000009.seg");
        byte[] bytes = SegmentFormat.encodeEmpty(new StoreId(UUID.randomUUID()), 9);
        disk.replace(stranger, bytes);

        RebuildReport report = rebuild();

        assertEquals("segments/00000009.seg~aside", report.setAside().getFirst());
        assertAllIsThere();
    }

    @Test
    void aHeadInAGuestsDiskIsNoRecord() throws IOException {
        // A disk that holds a segment of a store.
        ByteBuffer inner = SegmentRecord.of(image.chunks().getFirst()).at(new Place(7, 7, 3));
        byte[] raw = new byte[inner.remaining()];
        inner.get(0, raw);
        List<Frame> frames = new ArrayList<>();
        for (int at = 0; at < raw.length; at += Frame.RAW_BYTES) {
            int length = Math.min(Frame.RAW_BYTES, raw.length - at);
            frames.add(new Frame(Frame.Codec.RAW, ByteBuffer.wrap(raw, at, length)));
        }
        Chunk outer = new Chunk(ChunkHeader.hash(ByteBuffer.wrap(raw)), frames);
        Place place;
        try (SegmentStore store = StoredImages.open(disk)) {
            store.put(outer);
            place = store.contents().chunks().find(outer.id()).orElseThrow();
        }
        Path file = SEGMENTS.resolve(SegmentFormat.fileName(place.segment()));
        StoredImages.flip(disk, file, place.offset() * Byte.SIZE + 300);

        try (DiskFile segment = disk.open(file)) {
            SegmentScan scan = SegmentScan.of(segment, place.segment());

            assertEquals(2, scan.problems().size(), scan.problems().toString());
            assertTrue(scan.damaged().isEmpty());
            assertTrue(scan.records().stream().noneMatch(entry -> entry.place().block() >= place.block()));
        }
        rebuild();
        assertAllIsThere();
    }

    private Place placeAfterRebuild(Chunk chunk) throws IOException {
        rebuild();
        assertAllIsThere();
        try (SegmentStore store = StoredImages.open(disk)) {
            return store.contents().chunks().find(chunk.id()).orElseThrow();
        }
    }

    private RebuildReport rebuild() throws IOException {
        return Fsck.open(disk, StoredImages.ROOT).rebuild(Progress.NONE);
    }

    private FsckReport check() throws IOException {
        return Fsck.open(disk, StoredImages.ROOT).check(Fsck.Level.RECORDS, Progress.NONE);
    }

    private void assertAllIsThere() throws IOException {
        assertTrue(check().isWhole(), () -> "not whole");
        try (SegmentStore store = StoredImages.open(disk)) {
            assertEquals(List.of(), images.readAll(store));
            assertTrue(store.installed().containsAll(images.manifests()));
            assertEquals(image.manifest().id(), store.ref("web").orElseThrow().current());
        }
    }
}
