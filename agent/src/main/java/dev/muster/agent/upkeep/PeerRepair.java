package dev.muster.agent.upkeep;

import dev.muster.agent.delivery.Delivery;
import dev.muster.chunkstore.Progress;
import dev.muster.chunkstore.store.ChunkStore;
import dev.muster.chunkstore.store.Repair;
import dev.muster.protocol.MusterException.Corrupt;
import dev.muster.protocol.MusterException.Unknown;
import dev.muster.protocol.MusterException.Unreachable;
import dev.muster.protocol.content.ChunkId;
import dev.muster.protocol.content.Hash;
import dev.muster.protocol.content.Manifest;
import dev.muster.protocol.content.ManifestId;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.Optional;

/// Gets from peers what has rotted here, by the swarm of an image that needs it.
public final class PeerRepair implements Repair {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final ChunkStore store;
    private final Delivery delivery;

    public PeerRepair(ChunkStore store, Delivery delivery) {
        this.store = store;
        this.delivery = delivery;
    }

    @Override
    public boolean chunk(ChunkId id) throws IOException {
        Optional<ManifestId> image = imageOf(id);
        if (image.isEmpty()) {
            return false; // Nothing that is whole here needs it.
        }
        try {
            Manifest _ = delivery.fetch(image.get(), Progress.NONE, PATIENCE);
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
        return store.has(id);
    }

    @Override
    public boolean manifestFile(Hash hash) throws IOException {
        try {
            return delivery.restoreManifestFile(hash);
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    private Optional<ManifestId> imageOf(ChunkId chunk) throws IOException {
        for (ManifestId id : store.installed()) {
            try {
                if (store.manifest(id).chunks().stream()
                        .anyMatch(each -> each.id().equals(chunk))) {
                    return Optional.of(id);
                }
            } catch (Corrupt | Unknown | Unreachable _) {
                // The scrub finds that by itself; another image may have the chunk.
            }
        }
        return Optional.empty();
    }

    private static InterruptedIOException interrupted(InterruptedException e) {
        Thread.currentThread().interrupt();
        InterruptedIOException failure = new InterruptedIOException("interrupted while repairing");
        failure.initCause(e);
        return failure;
    }
}
