package dev.muster.chunkstore.store;

import dev.muster.chunkstore.Progress;
import dev.muster.chunkstore.disk.Disk;
import dev.muster.chunkstore.disk.DiskFile;
import dev.muster.chunkstore.store.ChunkStore.Ref;
import dev.muster.chunkstore.store.Finding.Kind;
import dev.muster.protocol.MusterException.Corrupt;
import dev.muster.protocol.content.Block;
import dev.muster.protocol.content.ManifestId;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/// The checks of [Fsck], from the outside in: journal, segments, records, manifests, refs. Nothing is changed. What is
/// not right is left out of what comes after, so that an image is whole only if its chunks are.
final class StoreCheck {
    private final StoreDirectory directory;
    private final Disk disk;
    private final Findings findings = new Findings();
    private final Contents contents = new Contents();
    private final Map<Integer, Integer> segmentBlocks = new HashMap<>();

    StoreCheck(StoreDirectory directory) {
        this.directory = directory;
        this.disk = directory.disk();
    }

    FsckReport run(Fsck.Level level, Optional<String> identityProblem, Progress progress) throws IOException {
        identityProblem.ifPresent(
                problem -> findings.add(Kind.IDENTITY, StoreDirectory.IDENTITY, StoreDirectory.IDENTITY, problem));
        checkScrubCursor();
        boolean journalWhole = readJournal();
        int chunks = contents.chunks().size();
        List<Integer> segments = checkSegments(level);
        new PlaceCheck(contents.chunks(), segmentBlocks, findings).run();
        long checkedBytes = 0;
        if (level != Fsck.Level.INDEX) {
            RecordSweep sweep = new RecordSweep(directory, contents.chunks(), findings);
            checkedBytes = sweep.run(segments, level == Fsck.Level.BLOCKS, progress);
        }
        checkManifests();
        int refs = checkRefs(journalWhole);
        return new FsckReport(
                level,
                new StoreCounts(segments.size(), chunks, contents.installed().size(), refs),
                checkedBytes,
                findings.listed(),
                findings.unlisted());
    }

    private void checkScrubCursor() {
        try {
            ScrubCursor _ = ScrubCursor.read(disk, directory.root());
        } catch (IOException e) {
            findings.add(Kind.SCRUB, ScrubCursor.FILE, ScrubCursor.FILE, Findings.message(e));
        }
    }

    /// Whether the journal says everything that it ever said.
    private boolean readJournal() throws IOException {
        for (String name : directory.names(directory.journal())) {
            boolean ours = false;
            for (JournalHeader.Kind kind : JournalHeader.Kind.values()) {
                ours |= !kind.numbers(List.of(name)).isEmpty();
            }
            if (!ours) {
                Leftovers.report(directory, directory.journal().resolve(name), findings);
            }
        }
        try {
            JournalReading read = JournalReading.of(disk, directory.journal(), directory.id(), contents::replay);
            read.logs().stream().filter(JournalReading.Log::isTorn).forEach(log -> {
                String name = "journal/" + log.header().fileName();
                String message = "whole up to " + log.end() + " of " + log.size() + " bytes, as after a crash";
                findings.add(Kind.TORN_LOG, name, name, message);
            });
            return true;
        } catch (IOException e) {
            findings.add(Kind.JOURNAL, "journal", "journal", Findings.message(e));
            return false;
        }
    }

    /// @return the numbers of the segments that are right as files
    private List<Integer> checkSegments(Fsck.Level level) throws IOException {
        List<Integer> numbers = directory.segmentNumbers();
        for (int number : numbers) {
            String name = "segments/" + SegmentFormat.fileName(number);
            try (DiskFile file = SegmentFormat.open(disk, directory.segments(), directory.id(), number)) {
                segmentBlocks.put(number, (int) Math.min(Integer.MAX_VALUE, file.size() / Block.BYTES));
                if (level != Fsck.Level.INDEX && contents.isSealed(number)) {
                    checkFooter(number, file, name);
                }
            } catch (IOException e) {
                findings.add(Kind.SEGMENT, name, name, Findings.message(e));
            }
        }
        for (String name : directory.names(directory.segments())) {
            if (!name.matches("[0-9]{8,9}\\.seg")) {
                Leftovers.report(directory, directory.segments().resolve(name), findings);
            }
        }
        return List.copyOf(new TreeSet<>(segmentBlocks.keySet()));
    }

    private void checkFooter(int number, DiskFile file, String name) throws IOException {
        try {
            SegmentFormat.readFooter(directory.id(), number, file);
        } catch (Corrupt e) {
            findings.add(Kind.SEGMENT, name, name + " end", Findings.message(e));
        }
    }

    private void checkManifests() throws IOException {
        new ManifestWalk(directory, findings)
                .forEach(found -> found.problem()
                        .ifPresent(problem -> findings.add(
                                Kind.MANIFEST_FILE, found.hash().toString(), directory.name(found.file()), problem)));
        ImageCheck images = new ImageCheck(directory, contents.chunks());
        for (ManifestId id : new TreeSet<>(contents.installed())) {
            images.problem(id).ifPresent(problem -> findings.add(Kind.IMAGE, id.toString(), "journal", problem));
        }
    }

    /// @return how many there are
    private int checkRefs(boolean journalWhole) throws IOException {
        RefFiles refs = new RefFiles(disk, directory.refs());
        int count = 0;
        for (String name : directory.names(directory.refs())) {
            Path file = directory.refs().resolve(name);
            if (!Ref.isName(name)) {
                Leftovers.report(directory, file, findings);
                continue;
            }
            count++;
            try {
                ManifestId current = refs.get(name).orElseThrow().current();
                if (journalWhole && !contents.installed().contains(current)) {
                    findings.add(
                            Kind.REF, name, directory.name(file), "expected an installed manifest, found " + current);
                }
            } catch (IOException e) {
                findings.add(Kind.REF, name, directory.name(file), Findings.message(e));
            }
        }
        return count;
    }
}
