package dev.muster.chunkstore.store;

import dev.muster.protocol.MusterException.Unknown;
import dev.muster.protocol.content.Manifest;
import dev.muster.protocol.content.ManifestHead;
import dev.muster.protocol.content.ManifestId;
import java.io.IOException;

/// Manifests as they lie in a store.
final class StoredManifests {
    private StoredManifests() {}

    static Manifest read(ChunkStore store, ManifestId id) throws IOException {
        byte[] head = store.head(id).orElseThrow(() -> new Unknown("no manifest " + id));
        return Manifest.read(ManifestHead.verify(id, head), store);
    }
}
