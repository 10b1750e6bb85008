package dev.muster.agent.delivery;

import dev.muster.chunkstore.store.ChunkStore;
import dev.muster.protocol.MusterException.Unknown;
import dev.muster.protocol.content.ChunkEntry;
import dev.muster.protocol.content.ChunkHeader;
import dev.muster.protocol.content.Manifest;
import dev.muster.protocol.content.ManifestId;
import dev.muster.protocol.wire.Message;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.function.Function;

/// The headers in this host's store, as peers ask for them. A manifest in whose swarm this host does not take part is
/// read for the first batch, and the last few of those are kept for the next ones. Safe for threads.
final class HeaderShelf {
    private static final int READ_MAX = 2;

    private final ChunkStore store;
    private final Function<ManifestId, Optional<Manifest>> swarms;
    private final SequencedMap<ManifestId, Manifest> read = new LinkedHashMap<>();

    /// @param swarms the manifests in whose swarms this host takes part
    HeaderShelf(ChunkStore store, Function<ManifestId, Optional<Manifest>> swarms) {
        this.store = store;
        this.swarms = swarms;
    }

    /// The answer: the headers that are here, or that the manifest is not.
    Message answer(Message.GetHeaders question) throws IOException {
        Optional<Manifest> manifest = swarms.apply(question.manifest());
        if (manifest.isEmpty()) {
            manifest = kept(question.manifest());
        }
        if (manifest.isEmpty()) {
            return new Message.NotHere(question.manifest().hash());
        }
        List<ChunkEntry> chunks = manifest.get().chunks();
        List<ChunkHeader> headers = new ArrayList<>();
        int end = Math.min(chunks.size(), question.first() + question.count());
        for (int chunk = question.first(); chunk < end; chunk++) {
            store.header(chunks.get(chunk).id()).ifPresent(headers::add);
        }
        return new Message.Headers(question.manifest(), question.first(), headers);
    }

    private synchronized Optional<Manifest> kept(ManifestId id) throws IOException {
        Manifest manifest = read.remove(id);
        if (manifest == null) {
            try {
                manifest = store.manifest(id);
            } catch (Unknown _) {
                return Optional.empty();
            }
        }
        read.putLast(id, manifest);
        if (read.size() > READ_MAX) {
            read.pollFirstEntry();
        }
        return Optional.of(manifest);
    }
}
