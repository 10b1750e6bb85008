package dev.muster.chunkstore.volume;

import dev.muster.chunkstore.store.SegmentStore;
import dev.muster.protocol.MusterException.Corrupt;
import dev.muster.protocol.MusterException.Unknown;
import dev.muster.protocol.content.Chunk;
import dev.muster.protocol.content.ChunkEntry;
import dev.muster.protocol.content.ChunkHeader;
import dev.muster.protocol.content.ChunkId;
import dev.muster.protocol.content.ManifestId;
import java.io.IOException;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// A volume lets go of images. Their chunks whose blocks lie nowhere else are forgotten, and the images are
/// installed no longer. What an image needs that something else keeps is kept in the store first; one that nothing
/// keeps goes with them. For one thread.
final class Parting {
    private final Registry registry;
    private final SegmentStore store;
    private final List<Layout> images;
    private final List<OpenVolume> others;
    private final Optional<Layout> staying;

    /// @param others the volumes whose blocks stay
    /// @param staying the image whose chunks this volume still has
    Parting(Registry registry, List<Layout> images, List<OpenVolume> others, Optional<Layout> staying) {
        this.registry = registry;
        this.store = registry.store();
        this.images = List.copyOf(images);
        this.others = others;
        this.staying = staying;
    }

    /// The chunks are forgotten for good when this returns.
    ///
    /// @throws dev.muster.protocol.MusterException.StoreRefused if there is no room for what others need; nothing
    ///     is forgotten then
    void run() throws IOException {
        Set<ChunkId> going = new LinkedHashSet<>();
        Set<ManifestId> ending = new LinkedHashSet<>();
        for (Layout image : images) {
            if (addGoing(image, going)) {
                ending.add(image.manifest().id());
            }
        }
        if (going.isEmpty()) {
            return;
        }
        Set<ManifestId> kept = store.kept();
        Set<ManifestId> sharing = new LinkedHashSet<>(kept);
        sharing.addAll(store.installed());
        images.forEach(image -> sharing.remove(image.manifest().id()));
        for (ManifestId id : sharing) {
            Set<ChunkId> shared = shared(id, going);
            if (!shared.isEmpty() && !(kept.contains(id) && keep(shared, going))) {
                ending.add(id);
            }
        }
        for (ManifestId id : ending) {
            store.uninstall(id);
        }
        // An installed image is whole after any crash, so it ends before its chunks do.
        store.flush();
        store.forget(going);
        store.flush();
    }

    /// @return whether there are any
    private boolean addGoing(Layout image, Set<ChunkId> going) throws IOException {
        boolean any = false;
        for (ChunkEntry chunk : image.manifest().chunks()) {
            ChunkId id = chunk.id();
            if (staying.isEmpty() || staying.get().chunk(id) < 0) {
                Optional<ChunkHeader> header = registry.elsewhere(id);
                if (header.isPresent() && !Blocks.isWholeOn(others, id, header.get())) {
                    going.add(id);
                    any = true;
                }
            }
        }
        return any;
    }

    private Set<ChunkId> shared(ManifestId image, Set<ChunkId> going) throws IOException {
        Set<ChunkId> shared = new HashSet<>();
        try {
            store.manifest(image).chunks().stream()
                    .map(ChunkEntry::id)
                    .filter(going::contains)
                    .forEach(shared::add);
        } catch (Unknown | Corrupt _) {
            // It is on its way, or scrub finds it.
        }
        return shared;
    }

    /// @return whether all of them are in the store now, and stay
    private boolean keep(Set<ChunkId> chunks, Set<ChunkId> going) throws IOException {
        boolean all = true;
        for (ChunkId id : chunks) {
            try {
                Optional<Chunk> chunk = store.chunk(id);
                if (chunk.isPresent()) {
                    store.keep(chunk.get());
                    going.remove(id);
                }
                all &= chunk.isPresent();
            } catch (Corrupt _) {
                all = false; // Its blocks are gone already.
            }
        }
        return all;
    }
}
