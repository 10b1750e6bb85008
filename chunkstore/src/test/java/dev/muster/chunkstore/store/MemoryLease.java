package dev.muster.chunkstore.store;

import dev.muster.protocol.content.Chunk;
import dev.muster.protocol.content.ChunkEntry;
import dev.muster.protocol.content.ChunkId;
import dev.muster.protocol.content.Hash;
import dev.muster.protocol.content.Manifest;
import dev.muster.protocol.content.ManifestHead;
import dev.muster.protocol.content.ManifestId;
import java.io.IOException;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/// A lease of a [MemoryChunkStore].
final class MemoryLease implements Lease {
    private final MemoryChunkStore store;
    private final Set<ManifestId> images;
    private final Set<Hash> held = new HashSet<>();

    MemoryLease(MemoryChunkStore store, Set<ManifestId> images) {
        this.store = store;
        this.images = images;
    }

    /// Images of which everything is held that is here.
    Set<ManifestId> images() {
        return images;
    }

    /// To be used with the store's lock.
    Set<Hash> held() {
        return held;
    }

    @Override
    public void hold(Manifest manifest) {
        hold(manifest.id().hash());
        new MemoryManifest(store::pageOrNothing, manifest.head()).pages().forEach(this::hold);
        for (ChunkEntry chunk : manifest.chunks()) {
            hold(chunk.id().hash());
        }
    }

    @Override
    public boolean has(ChunkId id) {
        hold(id.hash());
        return store.has(id);
    }

    @Override
    public void put(Chunk chunk) {
        hold(chunk.id().hash());
        store.put(chunk);
    }

    @Override
    public void flush() {}

    @Override
    public Optional<byte[]> head(ManifestId id) {
        hold(id.hash());
        return store.head(id);
    }

    @Override
    public byte[] page(Hash hash) throws IOException {
        hold(hash);
        return store.page(hash);
    }

    @Override
    public boolean hasPage(Hash hash) {
        hold(hash);
        return store.hasPage(hash);
    }

    @Override
    public void putHead(byte[] head) {
        hold(ManifestHead.idOf(head).hash());
        store.putHead(head);
    }

    @Override
    public void putPage(byte[] page) {
        hold(Hash.of(page));
        store.putPage(page);
    }

    @Override
    public void close() {
        store.end(this);
    }

    private void hold(Hash hash) {
        synchronized (store) {
            held.add(hash);
        }
    }
}
