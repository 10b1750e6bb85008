package dev.muster.chunkstore.store;

import dev.muster.chunkstore.Progress;
import dev.muster.protocol.MusterException.Corrupt;
import dev.muster.protocol.MusterException.Unknown;
import dev.muster.protocol.MusterException.Unreachable;
import dev.muster.protocol.content.Chunk;
import dev.muster.protocol.content.ChunkEntry;
import dev.muster.protocol.content.ChunkHeader;
import dev.muster.protocol.content.ChunkId;
import dev.muster.protocol.content.Hash;
import dev.muster.protocol.content.Manifest;
import dev.muster.protocol.content.ManifestHead;
import dev.muster.protocol.content.ManifestId;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicReference;

/// A store in memory, for tests of what uses one. It is lost when it is forgotten, and closing does nothing.
public final class MemoryChunkStore implements ChunkStore {
    private static final ChunkId NO_CHUNK = new ChunkId(new Hash(0, 0, 0, 0));

    private final Map<ChunkId, Chunk> chunks = new ConcurrentHashMap<>();
    private final AtomicReference<ChunkId> rotsAtFlush = new AtomicReference<>(NO_CHUNK);
    private final Map<Hash, byte[]> files = new ConcurrentHashMap<>();
    private final Set<ManifestId> installed = Collections.synchronizedSet(new LinkedHashSet<>());
    private final Map<String, Ref> refs = new ConcurrentSkipListMap<>();
    private final Set<MemoryLease> leases = new HashSet<>();
    private final List<Roots> roots = new ArrayList<>();

    @Override
    public boolean has(ChunkId id) {
        return chunks.containsKey(id);
    }

    @Override
    public void put(Chunk chunk) {
        chunks.putIfAbsent(chunk.id(), chunk);
    }

    @Override
    public void flush() {
        ChunkId rotting = rotsAtFlush.get();
        if (chunks.remove(rotting) != null) {
            rotsAtFlush.set(NO_CHUNK);
        }
    }

    /// The first [#flush] that finds this chunk here loses it.
    public void rotAtFlush(ChunkId id) {
        rotsAtFlush.set(id);
    }

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
    public synchronized void install(Manifest manifest) throws IOException {
        if (!files.containsKey(manifest.id().hash())) {
            throw new Unknown("no head of manifest " + manifest.id() + " is here");
        }
        for (ChunkEntry chunk : Manifest.read(manifest.head(), this).chunks()) {
            if (!has(chunk.id())) {
                throw new Unreachable("chunk " + chunk.id() + " is not here");
            }
        }
        installed.add(manifest.id());
    }

    @Override
    public List<ManifestId> installed() {
        return List.copyOf(installed).stream().sorted().toList();
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
    public synchronized Ref point(String name, ManifestId manifest) {
        if (!installed.contains(manifest)) {
            throw new IllegalStateException("manifest " + manifest + " is not installed");
        }
        Ref first = new Ref(Ref.checkName(name), manifest, List.of(), 1);
        return refs.merge(
                name, first, (before, _) -> before.current().equals(manifest) ? before : before.pointedTo(manifest));
    }

    @Override
    public StoreStat stat() throws IOException {
        long bytes = chunks.values().stream().mapToLong(Chunk::wireBytes).sum();
        return new StoreStat(chunks.size(), bytes, plan(Goal.ALL).reclaimable(), Long.MAX_VALUE, installed.size(), 0);
    }

    @Override
    public void requireRoom(long bytes) {
        // There is room.
    }

    @Override
    public Optional<Ref> trim(String name, int previous) {
        return Optional.ofNullable(refs.computeIfPresent(
                name, (_, ref) -> ref.previous().size() > previous ? ref.trimmedTo(previous) : ref));
    }

    @Override
    public boolean drop(String name) {
        return refs.remove(Ref.checkName(name)) != null;
    }

    @Override
    public Lease lease() {
        return lease(Set.of());
    }

    @Override
    public Lease lease(ManifestId manifest) {
        return lease(Set.of(manifest));
    }

    private synchronized Lease lease(Set<ManifestId> images) {
        MemoryLease lease = new MemoryLease(this, images);
        leases.add(lease);
        return lease;
    }

    Optional<byte[]> pageOrNothing(Hash hash) {
        return Optional.ofNullable(files.get(hash));
    }

    synchronized void end(MemoryLease lease) {
        leases.remove(lease);
    }

    @Override
    public synchronized void addRoots(Roots more) {
        roots.add(more);
    }

    @Override
    public synchronized CollectReport collect(Goal goal, Progress progress) throws IOException {
        MemoryCollection collection = collection();
        collection.evictFor(goal);
        Set<ChunkId> gone = collection.gone();
        progress.phase("free", collection.bytes(gone));
        CollectReport report = new CollectReport(collection.evicted(), gone.size(), collection.bytes(gone));
        chunks.keySet().removeAll(gone);
        collection.evicted().forEach(installed::remove);
        files.keySet().removeAll(collection.goneFiles());
        progress.advance(report.bytes());
        return report;
    }

    @Override
    public synchronized CollectPlan plan(Goal goal) throws IOException {
        return collection().plan(goal);
    }

    private MemoryCollection collection() throws IOException {
        Set<ManifestId> kept = new HashSet<>();
        refs.values().forEach(ref -> {
            kept.add(ref.current());
            kept.addAll(ref.previous());
        });
        Set<ChunkId> keptChunks = new HashSet<>();
        Set<ManifestId> last = new HashSet<>();
        for (Roots each : roots) {
            kept.addAll(each.manifests());
            last.addAll(each.last());
            each.chunks(keptChunks::add);
        }
        Set<Hash> held = new HashSet<>();
        for (MemoryLease lease : leases) {
            kept.addAll(lease.images());
            held.addAll(lease.held());
        }
        for (ManifestId id : installed) {
            if (held.contains(id.hash())) {
                kept.add(id);
            }
        }
        return new MemoryCollection(chunks, files, installed, new MemoryCollection.Kept(kept, last, keptChunks, held));
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
