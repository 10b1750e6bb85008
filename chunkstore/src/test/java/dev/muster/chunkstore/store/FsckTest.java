package dev.muster.chunkstore.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.muster.chunkstore.Progress;
import dev.muster.chunkstore.disk.DiskFile;
import dev.muster.chunkstore.disk.FaultDisk;
import dev.muster.chunkstore.store.Finding.Kind;
import dev.muster.protocol.MusterException.StoreRefused;
import dev.muster.protocol.content.Chunk;
import dev.muster.protocol.content.Hash;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class FsckTest {
    private static final Path SEGMENT = StoredImages.ROOT.resolve("segments/00000001.seg");
    private static final Path JOURNAL = StoredImages.ROOT.resolve("journal");

    private final StoredImages images = new StoredImages(new SplittableRandom(4), 2, 300);
    private final RandomImage image = images.images().getFirst();
    private final FaultDisk disk = new FaultDisk(64 << 20);

    @TempDir
    private Path dir;

    @BeforeEach
    void fill() throws IOException {
        try (SegmentStore store = StoredImages.open(disk)) {
            for (RandomImage each : images.images()) {
                each.installInto(store);
            }
            store.point("web", image.manifest().id());
        }
    }

    @Test
    void aWholeStoreHasNoFindings() throws IOException {
        int operations = disk.operations();
        for (Fsck.Level level : Fsck.Level.values()) {
            FsckReport report = check(level);

            assertEquals(List.of(), report.findings());
            assertTrue(report.isWhole());
            assertEquals(new StoreCounts(1, images.chunks().size(), 2, 1), report.counts());
            assertEquals(level != Fsck.Level.INDEX, report.checkedBytes() > 0);
        }
        assertEquals(operations, disk.operations(), "nothing is changed");
    }

    @Test
    void aSegmentThatIsGoneIsNamedWithWhatWasInIt() throws IOException {
        disk.delete(SEGMENT);

        FsckReport report = check(Fsck.Level.INDEX);

        String gone =
                "segments/00000001.seg: expected " + images.chunks().size() + " chunks in it, found no such segment";
        assertEquals(gone, report.findings().getFirst().toString());
        assertEquals(
                List.of(Kind.SEGMENT, Kind.IMAGE, Kind.IMAGE),
                report.findings().stream().map(Finding::kind).toList());
        assertFalse(report.isWhole());
    }

    @Test
    void aSegmentThatWasCutShortLacksTheChunksBeyond() throws IOException {
        try (DiskFile file = disk.open(SEGMENT)) {
            file.truncate(3 * 4096);
        }

        FsckReport report = check(Fsck.Level.INDEX);

        assertTrue(report.findings().stream()
                .anyMatch(finding ->
                        finding.kind() == Kind.CHUNK && finding.message().equals("expected it inside 3 blocks")));
    }

    @Test
    void twoChunksInOnePlaceAreFound() throws IOException {
        try (SegmentStore store = StoredImages.open(disk)) {
            store.contents().chunks().put(image.chunks().getFirst().id(), new Place(1, 2, 3));
            store.contents().chunks().put(image.chunks().getLast().id(), new Place(1, 3, 3));
            store.rewriteJournal();
        }

        FsckReport report = check(Fsck.Level.INDEX);

        assertEquals(Kind.CHUNK, report.findings().getFirst().kind());
        assertTrue(report.findings().getFirst().message().contains("blocks inside"), report.toString());
    }

    @Test
    void theLevelSaysHowDeepItLooks() throws IOException {
        Chunk chunk = image.chunks().getFirst();
        // Frames that do not hold what the header says, under a right checksum.
        Chunk wrong = RandomImage.damaged(chunk, 0);
        try (SegmentStore store = StoredImages.open(disk);
                DiskFile file = disk.open(SEGMENT)) {
            Place place = store.contents().chunks().find(chunk.id()).orElseThrow();
            file.write(SegmentRecord.of(wrong).at(place), place.offset());
        }
        assertTrue(check(Fsck.Level.RECORDS).isWhole());
        assertEquals(
                chunk.id().toString(),
                check(Fsck.Level.BLOCKS).findings().getFirst().what());

        flip(SEGMENT, 2 * 4096 + 100);
        assertTrue(check(Fsck.Level.INDEX).isWhole());
        assertFalse(check(Fsck.Level.RECORDS).isWhole());
    }

    @Test
    void manifestFilesThatAreGoneOrDamagedAreNamed() throws IOException {
        String head = image.manifest().id().hash().hex();
        Path file = StoredImages.ROOT.resolve("manifests/" + head.substring(0, 2) + "/" + head);
        flip(file, 9);

        List<Finding> damaged = check(Fsck.Level.INDEX).findings();
        assertEquals(
                List.of(Kind.MANIFEST_FILE, Kind.IMAGE),
                damaged.stream().map(Finding::kind).toList());
        assertEquals(
                List.of("sha256:" + head, "sha256:" + head),
                damaged.stream().map(Finding::what).toList());

        disk.delete(file);
        List<Finding> gone = check(Fsck.Level.INDEX).findings();
        assertEquals(
                "journal: expected its head, found no such file",
                gone.getFirst().toString());
    }

    @Test
    void refsThatAreWrongAreNamed() throws IOException {
        disk.replace(StoredImages.ROOT.resolve("refs/db"), new byte[60]);
        ChunkStore.Ref unknown = new ChunkStore.Ref(
                "old", new dev.muster.protocol.content.ManifestId(Hash.of(new byte[1])), List.of(), 1);
        disk.replace(StoredImages.ROOT.resolve("refs/old"), RefFiles.encode(unknown));

        FsckReport report = check(Fsck.Level.INDEX);

        assertEquals(
                List.of("db", "old"),
                report.findings().stream().map(Finding::what).toList());
        assertEquals(3, report.counts().refs());
    }

    @Test
    void aDamagedJournalIsNamedAndTheRestIsChecked() throws IOException {
        flip(JOURNAL.resolve("00000002.snapshot"), 60);
        flip(StoredImages.ROOT.resolve("identity"), 20);

        FsckReport report = check(Fsck.Level.BLOCKS);

        assertEquals(
                List.of(Kind.IDENTITY, Kind.JOURNAL),
                report.findings().stream().map(Finding::kind).toList());
        assertTrue(report.findings().getLast().message().startsWith("00000002.snapshot: "), report.toString());
    }

    @Test
    void whatACrashLeavesIsNoDamage() throws IOException {
        Path log = JOURNAL.resolve("00000002.log");
        byte[] bytes = disk.read(log, 100);
        disk.replace(log, java.util.Arrays.copyOf(bytes, bytes.length + 9));
        disk.create(StoredImages.ROOT.resolve("refs/web~part")).close();
        disk.create(StoredImages.ROOT.resolve("segments/00000002.seg~part")).close();

        FsckReport report = check(Fsck.Level.INDEX);

        assertTrue(report.isWhole());
        assertEquals(
                List.of(Kind.TORN_LOG, Kind.LEFTOVER, Kind.LEFTOVER),
                report.findings().stream().map(Finding::kind).toList());
    }

    @Test
    void aFooterIsCheckedWhereTheSegmentIsSealed() throws IOException {
        Fsck.open(disk, StoredImages.ROOT).rebuild(Progress.NONE);
        try (DiskFile file = disk.open(SEGMENT)) {
            file.write(ByteBuffer.wrap(new byte[] {1}), file.size() - 100);
        }

        Finding finding = check(Fsck.Level.RECORDS).findings().stream()
                .filter(each -> each.kind() != Kind.LEFTOVER)
                .findFirst()
                .orElseThrow();

        assertEquals("segments/00000001.seg end", finding.where());
    }

    @Test
    void aStoreInUseIsNotChecked() throws IOException {
        Path root = dir.resolve("store");
        assertThrows(StoreRefused.class, () -> Fsck.open(root, dir.resolve("run")), "no store");
        try (SegmentStore store = open(root)) {
            image.installInto(store);
            assertThrows(StoreRefused.class, () -> Fsck.open(root, dir.resolve("run")));
        }
        try (Fsck fsck = Fsck.open(root, dir.resolve("run"))) {
            assertTrue(fsck.check(Fsck.Level.BLOCKS, Progress.NONE).isWhole());
            assertThrows(StoreRefused.class, () -> open(root));
        }
    }

    private SegmentStore open(Path root) throws IOException {
        return SegmentStore.open(root, dir.resolve("run"), StoredImages.SETTINGS, StoredImages.CODEC);
    }

    private FsckReport check(Fsck.Level level) throws IOException {
        return Fsck.open(disk, StoredImages.ROOT).check(level, Progress.NONE);
    }

    private void flip(Path file, long at) throws IOException {
        StoredImages.flip(disk, file, at * Byte.SIZE);
    }
}
