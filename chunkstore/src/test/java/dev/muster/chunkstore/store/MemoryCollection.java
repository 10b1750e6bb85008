package dev.muster.chunkstore.store;

import dev.muster.chunkstore.store.CollectPlan.Fate;
import dev.muster.chunkstore.store.CollectPlan.Image;
import dev.muster.protocol.MusterException.Corrupt;
import dev.muster.protocol.content.Chunk;
import dev.muster.protocol.content.ChunkId;
import dev.muster.protocol.content.Hash;
import dev.muster.protocol.content.ManifestHead;
import dev.muster.protocol.content.ManifestId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// What goes and what stays in a [MemoryChunkStore], by sets of everything.
final class MemoryCollection {
    private final Map<ChunkId, Chunk> chunks;
    private final Map<Hash, byte[]> files;
    private final List<ManifestId> installed;
    private final Set<ManifestId> kept;
    private final Set<ManifestId> last;
    private final Set<ChunkId> keptChunks;
    private final Set<Hash> held;
    private final List<ManifestId> evicted = new ArrayList<>();

    MemoryCollection(Map<ChunkId, Chunk> chunks, Map<Hash, byte[]> files, Collection<ManifestId> installed, Kept kept) {
        this.chunks = chunks;
        this.files = files;
        this.kept = kept.images;
        this.last = kept.last;
        this.keptChunks = kept.chunks;
        this.held = kept.held;
        this.installed =
                installed.stream().sorted(Comparator.comparing(last::contains)).toList();
    }

    /// What stays; of the images that do not, those that go last.
    record Kept(Set<ManifestId> images, Set<ManifestId> last, Set<ChunkId> chunks, Set<Hash> held) {}

    List<ManifestId> evicted() {
        return evicted;
    }

    void evictFor(Goal goal) {
        for (ManifestId id : installed) {
            if (!kept.contains(id) && (goal.last() || !last.contains(id)) && bytes(gone()) < goal.bytes()) {
                evicted.add(id);
            }
        }
    }

    /// Chunks that nothing needs.
    Set<ChunkId> gone() {
        Set<ChunkId> gone = new HashSet<>(chunks.keySet());
        needed().forEach(id -> manifest(id).ifPresent(manifest -> gone.removeAll(manifest.chunks())));
        gone.removeAll(keptChunks);
        gone.removeIf(id -> held.contains(id.hash()));
        return gone;
    }

    /// Heads and pages that nothing needs.
    Set<Hash> goneFiles() {
        Set<Hash> gone = new HashSet<>(files.keySet());
        for (ManifestId id : needed()) {
            gone.remove(id.hash());
            manifest(id).ifPresent(manifest -> gone.removeAll(manifest.pages()));
        }
        gone.removeAll(held);
        return gone;
    }

    long bytes(Collection<ChunkId> ids) {
        return ids.stream()
                .map(chunks::get)
                .mapToLong(chunk -> chunk == null ? 0 : chunk.wireBytes())
                .sum();
    }

    CollectPlan plan(Goal goal) {
        long unnamed = bytes(gone());
        evictFor(goal);
        List<ManifestId> going = List.copyOf(evicted);
        long freed = bytes(gone());
        evictFor(Goal.ALL);
        long reclaimable = bytes(gone());
        evicted.clear();
        List<Image> images = installed.stream()
                .map(id -> image(id, fate(id, going)))
                .sorted((a, b) -> Boolean.compare(a.fate() == Fate.KEPT, b.fate() == Fate.KEPT))
                .toList();
        return new CollectPlan(images, unnamed, reclaimable, freed);
    }

    private Fate fate(ManifestId id, List<ManifestId> going) {
        if (kept.contains(id)) {
            return Fate.KEPT;
        }
        return going.contains(id) ? Fate.GOES : last.contains(id) ? Fate.LAST : Fate.CACHED;
    }

    private Image image(ManifestId id, Fate fate) {
        Set<ChunkId> all = chunksOf(id);
        Set<ChunkId> exclusive = new HashSet<>(all);
        needed().stream().filter(other -> !other.equals(id)).forEach(other -> exclusive.removeAll(chunksOf(other)));
        exclusive.removeAll(keptChunks);
        exclusive.removeIf(chunk -> fate != Fate.KEPT && held.contains(chunk.hash()));
        return new Image(id, fate, bytes(all), bytes(exclusive));
    }

    private Set<ManifestId> needed() {
        Set<ManifestId> needed = new HashSet<>(installed);
        evicted.forEach(needed::remove);
        needed.addAll(kept);
        return needed;
    }

    private Set<ChunkId> chunksOf(ManifestId id) {
        return manifest(id).map(MemoryManifest::chunks).orElse(Set.of());
    }

    private Optional<MemoryManifest> manifest(ManifestId id) {
        return Optional.ofNullable(files.get(id.hash()))
                .map(bytes -> new MemoryManifest(hash -> Optional.ofNullable(files.get(hash)), head(bytes)));
    }

    private static ManifestHead head(byte[] bytes) {
        try {
            return ManifestHead.decode(bytes);
        } catch (Corrupt e) {
            throw new IllegalStateException(e);
        }
    }
}
