package dev.muster.chunkstore.store;

import dev.muster.chunkstore.Progress;
import dev.muster.chunkstore.disk.Disk;
import dev.muster.chunkstore.disk.DiskFile;
import dev.muster.chunkstore.store.Finding.Kind;
import dev.muster.protocol.MusterException.Corrupt;
import dev.muster.protocol.content.Chunk;
import dev.muster.protocol.content.ChunkId;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.util.Comparator;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/// Reads everything in an open store that anybody ever reads, slowly, while others use it, so that what rots is found
/// before it is needed, and is got from elsewhere while somebody still has it. For one thread; one scrub of a store at
/// a time.
///
/// A chunk of which any byte has changed is not here any more; [Repair] is asked to put it again. How far it came is
/// kept in the store after each segment, and the next scrub goes on there.
public final class Scrub {
    private final SegmentStore store;
    private final StoreDirectory directory;
    private final Disk disk;
    private final ChunkIndex chunks;
    private final Repair repair;
    private final Pace pace;
    private final Findings findings = new Findings();
    private final SmallFileScrub smallFiles;
    private long checkedBytes;
    private long badChunks;
    private long repaired;

    private Scrub(SegmentStore store, Repair repair, Pace pace) {
        this.store = store;
        this.directory = store.directory();
        this.disk = directory.disk();
        this.chunks = store.contents().chunks();
        this.repair = repair;
        this.pace = pace;
        this.smallFiles = new SmallFileScrub(store, repair, pace, findings);
    }

    /// Goes on where the last scrub stopped, until everything was read once.
    ///
    /// @param bytesPerSecond how fast to read
    /// @throws InterruptedException if the thread is interrupted, at the latest after the record that is being read
    /// @throws IOException if the disk fails in a way that says nothing of what is on it
    public static ScrubReport run(SegmentStore store, Repair repair, long bytesPerSecond, Progress progress)
            throws IOException, InterruptedException {
        return run(store, repair, new Pace(bytesPerSecond), progress);
    }

    static ScrubReport run(SegmentStore store, Repair repair, Pace pace, Progress progress)
            throws IOException, InterruptedException {
        return new Scrub(store, repair, pace).run(progress);
    }

    private ScrubReport run(Progress progress) throws IOException, InterruptedException {
        ScrubCursor cursor = cursor();
        NavigableMap<Integer, Long> todo = bytesBySegment().tailMap(cursor.segment(), false);
        progress.phase(
                "scrub", todo.values().stream().mapToLong(Long::longValue).sum());
        try (RecordCheck check = new RecordCheck(true)) {
            for (int segment : todo.keySet()) {
                scrub(segment, check, progress);
                cursor = cursor.after(segment);
                cursor.write(disk, directory.root());
            }
        }
        repaired += smallFiles.run();
        cursor.nextEpoch().write(disk, directory.root());
        return new ScrubReport(checkedBytes, badChunks, repaired, findings.listed(), findings.unlisted());
    }

    /// A cursor that has rotted costs another look at what was read already.
    private ScrubCursor cursor() throws IOException {
        try {
            return ScrubCursor.read(disk, directory.root());
        } catch (Corrupt e) {
            findings.add(Kind.SCRUB, ScrubCursor.FILE, ScrubCursor.FILE, Findings.message(e));
            return new ScrubCursor(0, 0);
        }
    }

    /// What the index knows, not what files there are: one may be gone.
    private NavigableMap<Integer, Long> bytesBySegment() {
        NavigableMap<Integer, Long> bytes = new TreeMap<>();
        chunks.forEach((_, place) -> bytes.merge(place.segment(), (long) place.bytes(), Long::sum));
        return bytes;
    }

    private void scrub(int segment, RecordCheck check, Progress progress) throws IOException, InterruptedException {
        List<SegmentFormat.Entry> entries = chunks.inSegment(segment);
        entries.sort(Comparator.comparingInt(entry -> entry.place().block()));
        try (DiskFile file = disk.open(directory.segments().resolve(SegmentFormat.fileName(segment)))) {
            Optional<String> allBad = scrubHeader(segment, file);
            for (SegmentFormat.Entry entry : entries) {
                if (isThere(entry)) {
                    Optional<String> problem =
                            allBad.isPresent() ? allBad : check.problem(file, entry.id(), entry.place());
                    checkedBytes += entry.place().bytes();
                    if (problem.isPresent()) {
                        bad(entry, problem.get());
                    } else if (entry.place().blocks() <= SegmentRecord.HEAD_BLOCKS_MAX) {
                        scrubElsewhere(entry);
                    }
                    pace.spend(entry.place().bytes());
                }
                progress.advance(entry.place().bytes());
            }
        } catch (NoSuchFileException e) {
            for (SegmentFormat.Entry entry : entries) {
                bad(entry, Findings.message(e));
            }
        } catch (IOException e) {
            String name = name(segment);
            findings.add(Kind.SEGMENT, name, name, Findings.message(e) + "; not read to its end");
        }
    }

    /// A header says nothing that the store does not know, so it is written anew where it is damaged.
    ///
    /// @return why nothing in the segment can be read: it is another's
    private Optional<String> scrubHeader(int segment, DiskFile file) throws IOException {
        SegmentFormat.Header expected = new SegmentFormat.Header(directory.id(), segment);
        try {
            SegmentFormat.Header found = SegmentFormat.readHeader(segment, file);
            return found.equals(expected) ? Optional.empty() : Optional.of("expected " + expected + ", found " + found);
        } catch (IOException e) {
            String name = name(segment);
            findings.add(Kind.SEGMENT, name, name, Findings.message(e) + writeHeader(segment, file));
            return Optional.empty();
        }
    }

    /// @return what came of it
    private String writeHeader(int segment, DiskFile file) {
        try {
            file.write(ByteBuffer.wrap(SegmentFormat.encodeHeader(directory.id(), segment)), 0);
            file.force();
            return "; written anew";
        } catch (IOException e) {
            return "; not written anew: " + e.getMessage();
        }
    }

    private static String name(int segment) {
        return "segments/" + SegmentFormat.fileName(segment);
    }

    private boolean isThere(SegmentFormat.Entry entry) {
        return chunks.find(entry.id()).equals(Optional.of(entry.place()));
    }

    /// The blocks of a chunk may lie on a volume; reading it verifies every one, and forgets it if one is wrong.
    private void scrubElsewhere(SegmentFormat.Entry entry) throws IOException {
        try {
            Optional<Chunk> _ = store.chunk(entry.id());
        } catch (Corrupt e) {
            lost(entry, Findings.message(e));
        }
    }

    /// A record was not as it was written. If the chunk has gone or moved since, that was why.
    private void bad(SegmentFormat.Entry entry, String problem) {
        ChunkId id = entry.id();
        if (!store.condemn(id, entry.place())) {
            return;
        }
        lost(entry, problem);
    }

    /// A chunk is not here any more.
    private void lost(SegmentFormat.Entry entry, String problem) {
        ChunkId id = entry.id();
        badChunks++;
        String outcome = "";
        try {
            repaired += repair.chunk(id) ? 1 : 0;
        } catch (IOException e) {
            outcome = "; not repaired: " + e.getMessage();
        }
        findings.add(Kind.CHUNK, id.toString(), PlaceCheck.where(entry.place()), problem + outcome);
    }
}
