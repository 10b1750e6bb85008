package dev.muster.chunkstore.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.muster.chunkstore.Hushed;
import dev.muster.chunkstore.Progress;
import dev.muster.chunkstore.disk.FaultDisk;
import dev.muster.chunkstore.store.Finding.Kind;
import dev.muster.protocol.MusterException.Corrupt;
import dev.muster.protocol.content.Block;
import dev.muster.protocol.content.Chunk;
import dev.muster.protocol.content.Hash;
import java.io.IOException;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/// Any bit of any file of a store rots: it is found and named, or nobody reads it. Nothing wrong is ever read, and
/// nothing else is lost.
@ExtendWith(Hushed.class)
final class BitFlipTest {
    private static final int SEED = Integer.getInteger("seed", 1);

    private StoredImages images = new StoredImages(new SplittableRandom(42), 3, 130);
    private final Map<Outcome, Integer> outcomes = new EnumMap<>(Outcome.class);

    /// What became of a flipped bit.
    private enum Outcome {
        HARMLESS,
        FOUND_AT_OPEN,
        FOUND_IN_USE,
        FOUND_BY_FSCK
    }

    @Test
    void aBitThatRotsIsFoundOrHarmless() throws IOException {
        flip(SEED, 300);
        assertTrue(outcomes.keySet().containsAll(List.of(Outcome.values())), outcomes.toString());
    }

    @Test
    @Tag("long")
    @Timeout(value = 30, unit = TimeUnit.MINUTES)
    void anyOfTenThousandBitsThatRotIsFoundOrHarmless() throws IOException {
        flip(1_000_000, 10_000);
        images = new StoredImages(new SplittableRandom(43), 4, 900);
        flip(2_000_000, 500);
        System.out.println(outcomes);
        assertTrue(outcomes.get(Outcome.HARMLESS) < 2_000, outcomes.toString());
    }

    private void flip(int firstSeed, int count) throws IOException {
        List<FaultDisk> stores = List.of(closed(), cutOff(), rebuilt());
        for (int seed = firstSeed; seed < firstSeed + count; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            FaultDisk disk = stores.get(random.nextInt(stores.size())).copy();
            Path file = pick(disk, random);
            long bit = random.nextLong(usedBytes(disk, file) * Byte.SIZE);
            try {
                StoredImages.flip(disk, file, bit);
                outcomes.merge(judge(disk, file, bit), 1, Integer::sum);
            } catch (IOException | RuntimeException | AssertionError e) {
                throw new AssertionError("seed " + seed + " bit " + bit + " of " + file, e);
            }
        }
    }

    /// Half of them in segments.
    private static Path pick(FaultDisk disk, SplittableRandom random) {
        boolean segment = random.nextBoolean();
        List<Path> files = disk.files().stream()
                .filter(file -> file.toString().endsWith(".seg") == segment)
                .toList();
        return files.get(random.nextInt(files.size()));
    }

    /// How long a file is, but for most of the zeros at its end.
    private static long usedBytes(FaultDisk disk, Path file) throws IOException {
        byte[] bytes = disk.read(file, 1 << 30);
        int end = bytes.length;
        while (end > 0 && bytes[end - 1] == 0) {
            end--;
        }
        return Math.min(bytes.length, end + 2L * Block.BYTES);
    }

    /// A store that was closed: one snapshot says everything.
    private FaultDisk closed() throws IOException {
        FaultDisk disk = new FaultDisk(64 << 20);
        try (SegmentStore store = StoredImages.open(disk)) {
            fill(store);
            Scrub.run(store, Repair.NONE, Long.MAX_VALUE, Progress.NONE);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
        return disk.copy();
    }

    /// A store whose process was killed: a snapshot says something, and a log in several batches the rest.
    private FaultDisk cutOff() throws IOException {
        FaultDisk disk = new FaultDisk(64 << 20);
        try (SegmentStore store = StoredImages.open(disk)) {
            images.images().getFirst().installInto(store);
        }
        try (SegmentStore store = StoredImages.open(disk)) {
            fill(store);
            return disk.copy();
        }
    }

    /// A store whose segments all have footers.
    private FaultDisk rebuilt() throws IOException {
        FaultDisk disk = closed();
        Fsck.open(disk, StoredImages.ROOT).rebuild(Progress.NONE);
        for (Path file : disk.files()) {
            if (file.toString().contains("~aside")) {
                disk.delete(file);
            }
        }
        return disk.copy();
    }

    private void fill(SegmentStore store) throws IOException {
        for (RandomImage image : images.images()) {
            for (Chunk chunk : image.chunks()) {
                store.put(chunk);
                if (chunk.header().blocks() % 4 == 0) {
                    store.flush();
                }
            }
            image.installInto(store);
            store.point("web", image.manifest().id());
        }
        store.point("db", images.images().getFirst().manifest().id());
    }

    private Outcome judge(FaultDisk disk, Path file, long bit) throws IOException {
        FsckReport report = Fsck.open(disk, StoredImages.ROOT).check(Fsck.Level.BLOCKS, Progress.NONE);
        if (report.findings().isEmpty()) {
            assertTrue(isDead(disk, file, bit), "nobody found it");
            try (SegmentStore store = StoredImages.open(disk)) {
                assertEquals(List.of(), images.readAll(store));
                assertEquals(images.manifests(), store.installed());
            }
            return Outcome.HARMLESS;
        }
        String name = String.valueOf(file.getFileName());
        assertTrue(
                report.findings().stream()
                        .anyMatch(finding -> finding.toString().contains(name)),
                report.findings().toString());
        boolean torn = report.findings().stream().anyMatch(finding -> finding.kind() == Kind.TORN_LOG);
        if (torn) {
            // No one can tell this from what a crash leaves; but what was cut off can be had again.
            assertRebuilds(disk, file);
            return Outcome.FOUND_BY_FSCK;
        }
        Outcome outcome = use(disk.copy(), file);
        assertRebuilds(disk, file);
        return outcome;
    }

    /// Opens and reads the store, and repairs it from a peer.
    private Outcome use(FaultDisk disk, Path file) throws IOException {
        SegmentStore store;
        try {
            store = StoredImages.open(disk);
        } catch (Corrupt e) {
            String name = String.valueOf(file.getFileName());
            String segment = name.endsWith(".seg") ? "segment " + Integer.parseInt(name.substring(0, 8)) : name;
            assertTrue(e.getMessage().contains(segment), e.getMessage());
            return Outcome.FOUND_AT_OPEN;
        }
        try (store) {
            boolean readBad = !images.readAll(store).isEmpty();
            ScrubReport report = Scrub.run(store, images.peerOf(store), Long.MAX_VALUE, Progress.NONE);
            for (Finding finding : report.findings()) {
                assertTrue(finding.toString().contains(String.valueOf(file.getFileName())), finding.toString());
            }
            for (Chunk chunk : images.chunks().values()) {
                store.put(chunk);
            }
            boolean found = readBad || !report.findings().isEmpty();
            assertEquals(List.of(), images.readAll(store), "repaired");
            return found ? Outcome.FOUND_IN_USE : Outcome.FOUND_BY_FSCK;
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /// Everything comes back but what the bit was in.
    private void assertRebuilds(FaultDisk disk, Path file) throws IOException {
        String name = String.valueOf(file.getFileName());
        RebuildReport report = Fsck.open(disk, StoredImages.ROOT).rebuild(Progress.NONE);
        FsckReport after = Fsck.open(disk, StoredImages.ROOT).check(Fsck.Level.BLOCKS, Progress.NONE);
        assertTrue(after.isWhole(), after.findings().toString());
        try (SegmentStore store = StoredImages.open(disk)) {
            List<String> missing = images.readAll(store);
            boolean inManifest = file.toString().contains("/manifests/");
            boolean inSegment = name.endsWith(".seg");
            assertTrue(missing.size() <= (inManifest || inSegment ? 1 : 0), missing.toString());
            int lost = images.images().size() - store.installed().size();
            assertTrue(
                    lost <= missing.size() * images.images().size(),
                    store.installed().toString());
            if (missing.isEmpty()) {
                assertEquals(images.manifests(), store.installed());
                int damagedRefs = file.toString().contains("/refs/") ? 1 : 0;
                assertEquals(2 - damagedRefs, store.refs().size());
                assertEquals(damagedRefs == 1, report.setAside().contains("refs/" + name + "~aside"));
            } else {
                assertTrue(!report.findings().isEmpty(), "by name");
            }
        }
    }

    /// Whether a bit lies where nobody reads: behind the records of a segment, or in what fills one up.
    private boolean isDead(FaultDisk disk, Path file, long bit) throws IOException {
        if (!file.toString().endsWith(".seg")) {
            return false;
        }
        int segment = Integer.parseInt(String.valueOf(file.getFileName()).substring(0, 8));
        long at = bit / Byte.SIZE;
        Contents contents = new Contents();
        StoreDirectory directory = StoreDirectory.open(disk.copy(), StoredImages.ROOT);
        JournalReading.of(directory.disk(), directory.journal(), directory.id(), contents::replay);
        for (SegmentFormat.Entry entry : contents.chunks().inSegment(segment)) {
            Chunk chunk = images.chunks().get(entry.id());
            int n = chunk.header().blocks();
            long header = entry.place().offset() + Block.BYTES;
            long payload = entry.place().offset() + (long) SegmentRecord.headBlocks(n) * Block.BYTES;
            boolean inRecord = at >= entry.place().offset()
                    && at < entry.place().offset() + entry.place().bytes();
            if (inRecord) {
                boolean behindHeader = at >= header + (long) n * Hash.BYTES && at < payload;
                return behindHeader || at >= payload + chunk.wireBytes();
            }
        }
        int end = contents.chunks().inSegment(segment).stream()
                .mapToInt(entry -> entry.place().end())
                .max()
                .orElse(1);
        return !contents.isSealed(segment) && at >= (long) end * Block.BYTES;
    }
}
