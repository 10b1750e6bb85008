package dev.muster.chunkstore.store;

import dev.muster.chunkstore.Progress;
import dev.muster.chunkstore.disk.Disk;
import dev.muster.chunkstore.disk.DiskFile;
import dev.muster.chunkstore.store.ChunkStore.Ref;
import dev.muster.chunkstore.store.Finding.Kind;
import dev.muster.chunkstore.store.JournalRecord.Install;
import dev.muster.chunkstore.store.JournalRecord.Seal;
import dev.muster.protocol.MusterException.Corrupt;
import dev.muster.protocol.content.ManifestId;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The rebuilding of a store from its segments alone, see [Fsck#rebuild].
///
/// 1. Every segment is scanned, see [SegmentRebuild]; of two records of a chunk the later one counts.
/// 2. Heads and pages that are damaged are set aside. Images that are whole are installed.
/// 3. Refs that are damaged, or name what is not whole, are set aside.
/// 4. A new log and then a new snapshot are put in place; once the snapshot has its name, they count. The old ones are
///    set aside.
///
/// Each step may be cut off and done again.
final class Rebuild {
    private final StoreDirectory directory;
    private final Disk disk;
    private final Progress progress;
    private final Findings findings = new Findings();
    private final List<String> setAside = new ArrayList<>();
    private final Contents contents = new Contents();

    Rebuild(StoreDirectory directory, Progress progress) {
        this.directory = directory;
        this.disk = directory.disk();
        this.progress = progress;
    }

    RebuildReport run(Optional<String> identityProblem) throws IOException {
        for (Path part : directory.parts()) {
            if (!disk.exists(part)) {
                disk.makeDirectory(part);
            }
        }
        if (identityProblem.isPresent()) {
            restoreIdentity(identityProblem.get());
        }
        OldJournal old = OldJournal.read(directory, findings);
        int last = Math.max(old.lastSegment(), directory.lastSegment());
        long scannedBytes = rebuildSegments();
        if (last > directory.lastSegment()) {
            // The next segment must not have the number of one that is lost.
            disk.replace(
                    directory.segments().resolve(SegmentFormat.fileName(last)),
                    SegmentFormat.encodeEmpty(directory.id(), last));
        }
        old.reportLost(contents.chunks(), findings);
        installImages();
        int refs = keepRefs();
        replaceJournal();
        StoreCounts counts = new StoreCounts(
                directory.segmentNumbers().size(),
                contents.chunks().size(),
                contents.installed().size(),
                refs);
        return new RebuildReport(counts, scannedBytes, findings.listed(), findings.unlisted(), setAside);
    }

    private void restoreIdentity(String problem) throws IOException {
        Path file = directory.root().resolve(StoreDirectory.IDENTITY);
        findings.add(Kind.IDENTITY, StoreDirectory.IDENTITY, StoreDirectory.IDENTITY, problem);
        if (disk.exists(file)) {
            setAside(file);
        }
        disk.replace(file, directory.id().encode());
    }

    /// @return how many bytes were read
    private long rebuildSegments() throws IOException {
        List<Integer> numbers = directory.segmentNumbers();
        long total = 0;
        for (int number : numbers) {
            try (DiskFile file = disk.open(directory.segments().resolve(SegmentFormat.fileName(number)))) {
                total += file.size();
            }
        }
        progress.phase("scan", total);
        SegmentRebuild segments = new SegmentRebuild(directory, contents, findings);
        for (int number : numbers) {
            Path path = directory.segments().resolve(SegmentFormat.fileName(number));
            long bytes;
            boolean kept;
            try (DiskFile file = disk.open(path)) {
                bytes = file.size();
                kept = segments.rebuild(number, file);
            }
            if (!kept) {
                setAside(path);
            }
            progress.advance(bytes);
        }
        return total;
    }

    private void installImages() throws IOException {
        List<ManifestId> heads = new ArrayList<>();
        new ManifestWalk(directory, new Findings()).forEach(found -> {
            if (found.problem().isPresent()) {
                findings.add(
                        Kind.MANIFEST_FILE,
                        found.hash().toString(),
                        directory.name(found.file()),
                        found.problem().get());
                setAside(found.file());
            } else if (found.isHead()) {
                heads.add(new ManifestId(found.hash()));
            }
        });
        ImageCheck images = new ImageCheck(directory, contents.chunks());
        for (ManifestId id : heads) {
            Optional<String> problem = images.problem(id);
            if (problem.isEmpty()) {
                contents.replay(new Install(id));
            } else {
                findings.add(Kind.IMAGE, id.toString(), "manifests", "not installed: " + problem.get());
            }
        }
    }

    /// @return how many are kept
    private int keepRefs() throws IOException {
        RefFiles refs = new RefFiles(disk, directory.refs());
        int kept = 0;
        for (String name : directory.names(directory.refs())) {
            if (!Ref.isName(name)) {
                continue;
            }
            Path file = directory.refs().resolve(name);
            try {
                ManifestId current = refs.get(name).orElseThrow().current();
                if (!contents.installed().contains(current)) {
                    throw new Corrupt("expected an image that is whole, found " + current);
                }
                kept++;
            } catch (Corrupt e) {
                findings.add(Kind.REF, name, directory.name(file), Findings.message(e));
                setAside(file);
            }
        }
        return kept;
    }

    private void replaceJournal() throws IOException {
        for (int number : directory.segmentNumbers()) {
            contents.replay(new Seal(number));
        }
        List<String> before = directory.names(directory.journal());
        int number = 1;
        for (JournalHeader.Kind kind : JournalHeader.Kind.values()) {
            for (int old : kind.numbers(before)) {
                number = Math.max(number, old + 1);
            }
        }
        JournalHeader log = new JournalHeader(JournalHeader.Kind.LOG, number, directory.id());
        disk.replace(directory.journal().resolve(log.fileName()), log.encode());
        JournalHeader snapshot = new JournalHeader(JournalHeader.Kind.SNAPSHOT, number, directory.id());
        SnapshotFile.write(disk, directory.journal(), snapshot, contents);
        for (JournalHeader.Kind kind : JournalHeader.Kind.values()) {
            for (int old : kind.numbers(before)) {
                setAside(directory.journal().resolve(kind.fileName(old)));
            }
        }
    }

    private void setAside(Path file) throws IOException {
        setAside.add(directory.name(Leftovers.setAside(disk, file)));
    }
}
