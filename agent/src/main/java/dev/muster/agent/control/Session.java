package dev.muster.agent.control;

import dev.muster.chunkstore.store.ChunkStore;
import dev.muster.chunkstore.store.Lease;
import dev.muster.protocol.content.ManifestId;
import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What one control connection relies on: it is not collected until the connection ends. For one thread.
final class Session implements Closeable {
    private final ChunkStore store;
    private final List<Lease> leases = new ArrayList<>();
    private Optional<Lease> packing = Optional.empty();

    Session(ChunkStore store) {
        this.store = store;
    }

    /// Holds an image, whether it is here or not.
    Lease hold(ManifestId manifest) throws IOException {
        Lease lease = store.lease(manifest);
        leases.add(lease);
        return lease;
    }

    /// Holds what is asked for and put while an image is packed.
    Lease packing() throws IOException {
        if (packing.isEmpty()) {
            Lease lease = store.lease();
            leases.add(lease);
            packing = Optional.of(lease);
        }
        return packing.get();
    }

    @Override
    public void close() throws IOException {
        for (Lease lease : leases) {
            lease.close();
        }
    }
}
