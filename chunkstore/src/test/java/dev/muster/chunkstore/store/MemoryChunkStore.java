package dev.muster.chunkstore.store;

import dev.muster.protocol.MusterException.Corrupt;
import dev.muster.protocol.MusterException.Unknown;
import dev.muster.protocol.content.Chunk;
import dev.muster.protocol.content.ChunkEntry;
import dev.muster.protocol.content.ChunkHeader;
import dev.muster.protocol.content.ChunkId;
import dev.muster.protocol.content.Hash;
import dev.muster.protocol.content.Manifest;
import dev.muster.protocol.content.ManifestHead;
import dev.muster.protocol.content.ManifestId;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ConcurrentSkipListSet;

/// A store in memory, for tests of what uses one. It is lost when it is forgotten, and closing does nothing.
public final class MemoryChunkStore implements ChunkStore {
    private final Map<ChunkId, Chunk> chunks = new ConcurrentHashMap<>();
    private final Map<Hash, byte[]> files = new ConcurrentHashMap<>();
    private final Set<ManifestId> installed = new ConcurrentSkipListSet<>();
    private final Map<String, Ref> refs = new ConcurrentSkipListMap<>();

    @Override
    public boolean has(ChunkId id) {
        return chunks.containsKey(id);
    }

    @Override
    public void put(Chunk chunk) {
        chunks.putIfAbsent(chunk.id(), chunk);
    }

    @Override
    public void flush() {}

    @Override
    public Optional<Chunk> chunk(ChunkId id) {
        return Optional.ofNullable(chunks.get(id));
    }

    @Override
    public Optional<ChunkHeader> header(ChunkId id) {
        return chunk(id).map(Chunk::header);
    }

    @Override
    public void putHead(byte[] head) {
        files.put(ManifestHead.idOf(head).hash(), head.clone());
    }

    @Override
    public void putPage(byte[] page) {
        files.put(Hash.of(page), page.clone());
    }

    @Override
    public Optional<byte[]> head(ManifestId id) {
        return Optional.ofNullable(files.get(id.hash())).map(byte[]::clone);
    }

    @Override
    public byte[] page(Hash hash) throws IOException {
        byte[] page = files.get(hash);
        if (page == null) {
            throw new Unknown("no page " + hash);
        }
        return page.clone();
    }

    @Override
    public boolean hasPage(Hash hash) {
        return files.containsKey(hash);
    }

    @Override
    public void install(Manifest manifest) throws IOException {
        if (!files.containsKey(manifest.id().hash())) {
            throw new IllegalStateException("no head of manifest " + manifest.id() + " is here");
        }
        for (ChunkEntry chunk : Manifest.read(manifest.head(), this).chunks()) {
            if (!has(chunk.id())) {
                throw new IllegalStateException("chunk " + chunk.id() + " has no place");
            }
        }
        installed.add(manifest.id());
    }

    @Override
    public List<ManifestId> installed() {
        return List.copyOf(installed);
    }

    @Override
    public Optional<Ref> ref(String name) {
        return Optional.ofNullable(refs.get(Ref.checkName(name)));
    }

    @Override
    public List<Ref> refs() {
        return List.copyOf(refs.values());
    }

    @Override
    public Ref point(String name, ManifestId manifest) {
        if (!installed.contains(manifest)) {
            throw new IllegalStateException("manifest " + manifest + " is not installed");
        }
        Ref first = new Ref(Ref.checkName(name), manifest, List.of(), 1);
        return refs.merge(
                name, first, (before, _) -> before.current().equals(manifest) ? before : before.pointedTo(manifest));
    }

    @Override
    public StoreStat stat() {
        long bytes = chunks.values().stream().mapToLong(Chunk::wireBytes).sum();
        return new StoreStat(chunks.size(), bytes, Long.MAX_VALUE, installed.size());
    }

    @Override
    public void close() {}

    /// Loses a chunk, as a store does that found it damaged.
    public void remove(ChunkId id) {
        chunks.remove(id);
    }

    /// Lets a chunk rot: one bit of one frame changes, and nobody notices here.
    public void damage(ChunkId id, int frame) throws Corrupt {
        Chunk chunk = Optional.ofNullable(chunks.get(id)).orElseThrow();
        chunks.put(id, RandomImage.damaged(chunk, frame));
    }
}
