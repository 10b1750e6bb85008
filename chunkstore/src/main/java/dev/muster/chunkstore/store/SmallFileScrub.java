package dev.muster.chunkstore.store;

import dev.muster.chunkstore.disk.Disk;
import dev.muster.chunkstore.store.ChunkStore.Ref;
import dev.muster.chunkstore.store.Finding.Kind;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The part of a [Scrub] that reads everything but segments: manifests, refs, journal and identity.
final class SmallFileScrub {
    /// A journal that others write to may look damaged once.
    private static final int JOURNAL_TRIES = 3;

    private final SegmentStore store;
    private final StoreDirectory directory;
    private final Disk disk;
    private final Repair repair;
    private final Pace pace;
    private final Findings findings;

    SmallFileScrub(SegmentStore store, Repair repair, Pace pace, Findings findings) {
        this.store = store;
        this.directory = store.directory();
        this.disk = directory.disk();
        this.repair = repair;
        this.pace = pace;
        this.findings = findings;
    }

    /// @return how many manifest files were repaired
    int run() throws IOException, InterruptedException {
        int repaired = scrubManifests();
        scrubRefs();
        scrubJournal();
        scrubIdentity();
        return repaired;
    }

    private int scrubManifests() throws IOException, InterruptedException {
        List<ManifestWalk.Found> bad = new ArrayList<>();
        // What is being written is no finding.
        new ManifestWalk(directory, new Findings()).forEach(found -> {
            if (found.problem().isPresent()) {
                bad.add(found);
            }
            pace.spend(found.bytes());
        });
        int repaired = 0;
        for (ManifestWalk.Found found : bad) {
            String problem = found.problem().orElseThrow();
            try {
                repaired += repair.manifestFile(found.hash()) ? 1 : 0;
            } catch (IOException e) {
                problem += "; not repaired: " + e.getMessage();
            }
            findings.add(Kind.MANIFEST_FILE, found.hash().toString(), directory.name(found.file()), problem);
        }
        return repaired;
    }

    private void scrubRefs() throws IOException {
        for (String name : directory.names(directory.refs())) {
            if (Ref.isName(name)) {
                try {
                    Optional<Ref> _ = store.ref(name);
                } catch (NoSuchFileException _) {
                    // It was taken away meanwhile.
                } catch (IOException e) {
                    findings.add(Kind.REF, name, "refs/" + name, Findings.message(e));
                }
            }
        }
    }

    /// What the journal says is in memory, so that a damaged one can be replaced.
    private void scrubJournal() throws IOException {
        Optional<String> problem = journalProblem();
        for (int i = 1; i < JOURNAL_TRIES && problem.isPresent(); i++) {
            problem = journalProblem();
        }
        if (problem.isPresent()) {
            findings.add(Kind.JOURNAL, "journal", "journal", problem.get() + "; written anew with the next commit");
            store.rewriteJournal();
        }
    }

    private Optional<String> journalProblem() throws IOException {
        try {
            JournalReading.of(disk, directory.journal(), directory.id(), _ -> {});
            return Optional.empty();
        } catch (IOException e) {
            return Optional.of(Findings.message(e));
        }
    }

    private void scrubIdentity() throws IOException {
        Path file = directory.root().resolve(StoreDirectory.IDENTITY);
        String problem;
        try {
            StoreId found = StoreId.decode(disk.read(file, StoreId.FILE_BYTES));
            if (found.equals(directory.id())) {
                return;
            }
            problem = "expected store " + directory.id() + ", found store " + found;
        } catch (IOException e) {
            problem = Findings.message(e);
        }
        findings.add(Kind.IDENTITY, StoreDirectory.IDENTITY, StoreDirectory.IDENTITY, problem + "; written anew");
        disk.replace(file, directory.id().encode());
    }
}
