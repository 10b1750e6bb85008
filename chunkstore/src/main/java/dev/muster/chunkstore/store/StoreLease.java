package dev.muster.chunkstore.store;

import dev.muster.protocol.MusterException.StoreRefused;
import dev.muster.protocol.content.Chunk;
import dev.muster.protocol.content.ChunkEntry;
import dev.muster.protocol.content.ChunkId;
import dev.muster.protocol.content.Hash;
import dev.muster.protocol.content.Manifest;
import dev.muster.protocol.content.ManifestHead;
import dev.muster.protocol.content.ManifestId;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/// A lease of a [SegmentStore]: everything is held in [Leases] first, and then asked of the store.
final class StoreLease implements Lease {
    private final ChunkStore store;
    private final ManifestFiles files;
    private final Leases leases;
    private final LeaseTerms terms;
    private final HashTable held;
    private final Optional<ManifestId> image;
    private final AtomicBoolean closed = new AtomicBoolean();

    private StoreLease(
            ChunkStore store,
            ManifestFiles files,
            Leases leases,
            LeaseTerms terms,
            HashTable held,
            Optional<ManifestId> image) {
        this.store = store;
        this.files = files;
        this.leases = leases;
        this.terms = terms;
        this.held = held;
        this.image = image;
    }

    static StoreLease open(ChunkStore store, ManifestFiles files, Leases leases, LeaseTerms terms) throws StoreRefused {
        return new StoreLease(store, files, leases, terms, leases.open(), Optional.empty());
    }

    /// Holds what is here of an image, durably.
    static StoreLease open(ChunkStore store, ManifestFiles files, Leases leases, LeaseTerms terms, ManifestId image)
            throws IOException {
        HashTable held = leases.open();
        StoreLease lease = new StoreLease(store, files, leases, terms, held, Optional.of(image));
        try {
            terms.begin(image);
        } catch (StoreRefused e) {
            leases.close(held);
            throw e;
        }
        try {
            lease.holdWhatIsHere(image);
            return lease;
        } catch (IOException e) {
            lease.close();
            throw e;
        }
    }

    @Override
    public void hold(Manifest manifest) throws IOException {
        Holding holding = new Holding();
        holding.hold(manifest.id().hash());
        new ManifestNames(files, holding::hold).pages(manifest.id());
        for (ChunkEntry chunk : manifest.chunks()) {
            holding.hold(chunk.id().hash());
        }
        holding.requireAll();
    }

    @Override
    public boolean has(ChunkId id) {
        return hold(id.hash()) && store.has(id);
    }

    @Override
    public void put(Chunk chunk) throws IOException {
        require(chunk.id().hash());
        store.put(chunk);
    }

    @Override
    public void flush() throws IOException {
        store.flush();
    }

    @Override
    public Optional<byte[]> head(ManifestId id) throws IOException {
        require(id.hash());
        return store.head(id);
    }

    @Override
    public byte[] page(Hash hash) throws IOException {
        require(hash);
        return store.page(hash);
    }

    @Override
    public boolean hasPage(Hash hash) {
        return hold(hash) && store.hasPage(hash);
    }

    @Override
    public void putHead(byte[] head) throws IOException {
        require(ManifestHead.idOf(head).hash());
        store.putHead(head);
    }

    @Override
    public void putPage(byte[] page) throws IOException {
        require(Hash.of(page));
        store.putPage(page);
    }

    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            leases.close(held);
            image.ifPresent(terms::end);
        }
    }

    private void holdWhatIsHere(ManifestId id) throws IOException {
        Holding holding = new Holding();
        holding.hold(id.hash());
        ManifestNames names = new ManifestNames(files, holding::hold);
        names.pages(id);
        names.chunks(id, chunk -> holding.hold(chunk.hash()));
        holding.requireAll();
    }

    private boolean hold(Hash hash) {
        if (closed.get()) {
            throw new IllegalStateException("the lease is closed");
        }
        image.ifPresent(terms::renew);
        return leases.hold(held, hash);
    }

    private void require(Hash hash) throws StoreRefused {
        Holding one = new Holding();
        one.hold(hash);
        one.requireAll();
    }

    /// Holds things one by one, and remembers whether it held all.
    private final class Holding {
        private boolean all = true;

        void hold(Hash hash) {
            all &= StoreLease.this.hold(hash);
        }

        void requireAll() throws StoreRefused {
            if (!all) {
                throw new StoreRefused("expected a lease of at most " + HELD_MAX + " chunks and pages, found more");
            }
        }
    }
}
