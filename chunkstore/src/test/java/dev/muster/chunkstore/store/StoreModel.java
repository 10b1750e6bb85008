package dev.muster.chunkstore.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.muster.chunkstore.store.ChunkStore.Ref;
import dev.muster.protocol.content.Chunk;
import dev.muster.protocol.content.ChunkEntry;
import dev.muster.protocol.content.ChunkId;
import dev.muster.protocol.content.Manifest;
import dev.muster.protocol.content.ManifestHead;
import dev.muster.protocol.content.ManifestId;
import java.io.IOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/// What must be true of a store, whatever happened to it: promises R1 to R4 of the package.
final class StoreModel {
    private final List<RandomImage> images;
    private final Map<ChunkId, Chunk> known = new HashMap<>();

    /// Written since the store was opened.
    private final Set<ChunkId> written = new HashSet<>();

    private final Set<ChunkId> durable = new HashSet<>();
    private final Set<ManifestId> installed = new HashSet<>();

    /// By name, what it may be: one thing, or two if the power went while it was changed.
    private final Map<String, Set<Optional<Ref>>> refs = new TreeMap<>();

    /// Images of which the store has a durable lease.
    private final Set<ManifestId> leased = new HashSet<>();

    /// Those, and images of which it may have one.
    private final Set<ManifestId> perhapsLeased = new HashSet<>();

    private final Set<ManifestId> expired = new HashSet<>();

    /// What a lease holds that is not durable.
    private final Set<ChunkId> held = new HashSet<>();

    private final Set<ManifestId> heldImages = new HashSet<>();

    StoreModel(List<RandomImage> images) {
        this.images = images;
        for (RandomImage image : images) {
            image.chunks().forEach(chunk -> known.put(chunk.id(), chunk));
        }
    }

    void written(ChunkId id) {
        written.add(id);
    }

    void flushed() {
        durable.addAll(written);
    }

    void installed(ManifestId id) {
        installed.add(id);
        flushed();
    }

    boolean isInstalled(ManifestId id) {
        return installed.contains(id);
    }

    Optional<Ref> ref(String name) {
        Set<Optional<Ref>> possible = refs.getOrDefault(name, Set.of(Optional.empty()));
        assertEquals(1, possible.size(), "a change of " + name + " is under way");
        return possible.iterator().next();
    }

    /// A name is about to be changed.
    void changing(String name, Optional<Ref> after) {
        refs.put(name, new HashSet<>(List.of(ref(name))));
        refs.get(name).add(after);
    }

    void changed(String name, Optional<Ref> after) {
        refs.put(name, Set.of(after));
    }

    /// A lease is about to begin.
    void leasing(ManifestId id) {
        perhapsLeased.add(id);
    }

    /// It holds, and head and pages are here.
    void leased(ManifestId id) {
        expired.remove(id);
        leased.add(id);
    }

    /// It is about to end.
    void releasing(ManifestId id) {
        leased.remove(id);
    }

    void released(ManifestId id) {
        perhapsLeased.remove(id);
    }

    /// Whether there may be a lease of which nobody knows.
    boolean mayBeLeased() {
        return !leased.containsAll(perhapsLeased);
    }

    void held(ChunkId id) {
        held.add(id);
    }

    void heldImage(ManifestId id) {
        heldImages.add(id);
    }

    void letGo() {
        held.clear();
        heldImages.clear();
    }

    /// The terms of all leases are over: those that are open hold until the store is closed.
    void expired(Set<ManifestId> open) {
        leased.retainAll(open);
        perhapsLeased.retainAll(open);
        expired.addAll(open);
    }

    /// The store is not open any more.
    void closed() {
        letGo();
        written.clear();
        leased.removeAll(expired);
        expired.clear();
    }

    /// A collection begins: from now on only what is kept must be there.
    void collecting() {
        Set<ManifestId> kept = kept();
        Set<ChunkId> staying = named(kept);
        staying.addAll(held);
        durable.retainAll(staying);
        written.retainAll(staying);
        installed.retainAll(kept);
    }

    /// A collection is over; nothing is here that is not kept or named by an installed image.
    void collected(ChunkStore store, CollectReport report) {
        assertFalse(report.images().stream().anyMatch(kept()::contains), "an image went that something keeps");
        installed.addAll(store.installed());
        Set<ManifestId> images = kept();
        images.addAll(installed);
        images.addAll(perhapsLeased);
        Set<ChunkId> staying = named(images);
        staying.addAll(held);
        for (ChunkId id : known.keySet()) {
            assertTrue(!store.has(id) || staying.contains(id), "a chunk stays that nothing names");
        }
        flushed();
    }

    /// Everything that has been promised.
    void check(ChunkStore store) throws IOException {
        for (ChunkId id : durable) {
            assertTrue(store.has(id), "R1: a durable chunk is lost");
        }
        for (Chunk chunk : known.values()) {
            if (store.has(chunk.id())) {
                assertEquals(Optional.of(chunk), store.chunk(chunk.id()), "R1: a chunk is damaged");
            }
        }
        assertTrue(store.installed().containsAll(installed), "R2: an installed image is lost");
        for (ManifestId id : store.installed()) {
            ManifestHead head = ManifestHead.verify(id, store.head(id).orElseThrow());
            for (ChunkEntry chunk : Manifest.read(head, store).chunks()) {
                assertTrue(store.has(chunk.id()), "R2: an installed image lacks a chunk");
            }
        }
        for (var each : refs.entrySet()) {
            Optional<Ref> found = store.ref(each.getKey());
            assertTrue(each.getValue().contains(found), "expected " + each.getValue() + ", found " + found);
            each.setValue(Set.of(found));
            if (found.isPresent()) {
                assertTrue(store.installed().contains(found.get().current()), "R3: a ref names what is not installed");
                assertTrue(
                        store.installed().containsAll(found.get().previous()),
                        "R4: an image is lost that a ref named before");
            }
        }
    }

    /// The store was opened: all that is here is durable.
    void opened(ChunkStore store) throws IOException {
        check(store);
        known.keySet().stream().filter(store::has).forEach(durable::add);
        installed.addAll(store.installed());
    }

    /// Images that a ref, a lease or whoever holds it keeps.
    Set<ManifestId> kept() {
        Set<ManifestId> kept = new HashSet<>(leased);
        kept.addAll(heldImages);
        for (Set<Optional<Ref>> possible : refs.values()) {
            for (Optional<Ref> ref : possible) {
                ref.ifPresent(each -> {
                    kept.add(each.current());
                    kept.addAll(each.previous());
                });
            }
        }
        return kept;
    }

    private Set<ChunkId> named(Set<ManifestId> ids) {
        Set<ChunkId> named = new HashSet<>();
        for (RandomImage image : images) {
            if (ids.contains(image.manifest().id())) {
                image.chunks().forEach(chunk -> named.add(chunk.id()));
            }
        }
        return named;
    }
}
