package dev.muster.chunkstore.store;

import dev.muster.chunkstore.store.ChunkStore.Ref;
import dev.muster.chunkstore.store.JournalRecord.Remove;
import dev.muster.protocol.MusterException.StoreRefused;
import dev.muster.protocol.content.ChunkId;
import dev.muster.protocol.content.ManifestId;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/// Everything that keeps images in a store: refs, current and previous; leases that are durable, also those of a
/// process that did not end them; and what others have added.
///
/// A ref names only what is installed, and an image goes only if no ref names it: both are decided under one lock, so
/// that neither is decided on what the other is changing.
final class StoreRoots implements Roots {
    private final RefFiles refs;
    private final Contents contents;
    private final CommitQueue queue;
    private final Leases leases;
    private final LeaseTerms terms;
    private final List<Roots> others = new CopyOnWriteArrayList<>();
    private final ReentrantLock deciding = new ReentrantLock();

    StoreRoots(RefFiles refs, Contents contents, CommitQueue queue, Leases leases, LeaseTerms terms) {
        this.refs = refs;
        this.contents = contents;
        this.queue = queue;
        this.leases = leases;
        this.terms = terms;
    }

    void add(Roots roots) {
        others.add(roots);
    }

    @Override
    public Set<ManifestId> manifests() throws IOException {
        Set<ManifestId> ids = new HashSet<>();
        for (Ref ref : refs.durable()) {
            ids.add(ref.current());
            ids.addAll(ref.previous());
        }
        ids.addAll(terms.current());
        for (Roots roots : others) {
            ids.addAll(roots.manifests());
        }
        return ids;
    }

    @Override
    public Set<ManifestId> last() throws IOException {
        Set<ManifestId> ids = new HashSet<>();
        for (Roots roots : others) {
            ids.addAll(roots.last());
        }
        return ids;
    }

    @Override
    public void chunks(Consumer<ChunkId> out) throws IOException {
        for (Roots roots : others) {
            roots.chunks(out);
        }
    }

    /// As [ChunkStore#point].
    Ref point(String name, ManifestId manifest) throws IOException {
        deciding.lock();
        try {
            if (!contents.installed().contains(manifest)) {
                throw new IllegalStateException("manifest " + manifest + " is not installed");
            }
            return refs.point(name, manifest);
        } finally {
            deciding.unlock();
        }
    }

    /// Takes an image away whatever keeps it, since it is about to be whole no longer; no ref names it from then on.
    /// Durable with the next flush.
    void uninstall(ManifestId id) throws IOException {
        deciding.lock();
        try {
            if (contents.installed().contains(id)) {
                refs.forget(id);
                remove(id);
            }
        } finally {
            deciding.unlock();
        }
    }

    private void remove(ManifestId id) throws StoreRefused {
        queue.add(new Remove(id));
        others.forEach(roots -> roots.removed(id));
    }

    /// Takes an image away, unless something keeps it by now. Its chunks may go when that is durable.
    ///
    /// @return whether it is gone
    boolean evict(ManifestId id) throws IOException {
        deciding.lock();
        try {
            return !manifests().contains(id)
                    && leases.unlessHeld(id.hash(), () -> {
                        remove(id);
                        return true;
                    });
        } finally {
            deciding.unlock();
        }
    }
}
