package dev.muster.agent.control;

import dev.muster.chunkstore.store.ChunkStore;
import dev.muster.chunkstore.store.Lease;
import dev.muster.protocol.MusterException.StoreRefused;
import dev.muster.protocol.content.ManifestId;
import java.io.Closeable;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// What one control connection relies on: it is not collected until the connection ends. For one thread.
final class Session implements Closeable {
    private static final int IMAGES_MAX = 64;

    private final ChunkStore store;
    private final Map<ManifestId, Lease> held = new LinkedHashMap<>();
    private Optional<Lease> packing = Optional.empty();

    Session(ChunkStore store) {
        this.store = store;
    }

    /// Holds an image, whether it is here or not.
    ///
    /// @throws StoreRefused if so many are held already that others may find no lease
    Lease hold(ManifestId manifest) throws IOException {
        Lease before = held.get(manifest);
        if (before != null) {
            return before;
        }
        if (held.size() == IMAGES_MAX) {
            throw new StoreRefused(
                    "store: expected at most " + IMAGES_MAX + " images in the hands of one program, found one more");
        }
        Lease lease = store.lease(manifest);
        held.put(manifest, lease);
        return lease;
    }

    /// Holds what is asked for and put while an image is packed.
    Lease packing() throws IOException {
        if (packing.isEmpty()) {
            packing = Optional.of(store.lease());
        }
        return packing.get();
    }

    @Override
    public void close() throws IOException {
        for (Lease lease : held.values()) {
            lease.close();
        }
        if (packing.isPresent()) {
            packing.get().close();
        }
    }
}
