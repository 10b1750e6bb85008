package dev.muster.agent.activate;

import dev.muster.agent.delivery.Delivery;
import dev.muster.chunkstore.Progress;
import dev.muster.chunkstore.store.Lease;
import dev.muster.chunkstore.store.SegmentStore;
import dev.muster.chunkstore.volume.Conversion;
import dev.muster.chunkstore.volume.Fill;
import dev.muster.chunkstore.volume.Undo;
import dev.muster.chunkstore.volume.Volume;
import dev.muster.chunkstore.volume.Volumes;
import dev.muster.protocol.content.Manifest;
import dev.muster.protocol.content.ManifestId;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/// Writes images to targets that count as places of their chunks, so that this host holds an image once and serves it
/// from there. What arrives is written at once; another image takes the place of the one that is there, block by block,
/// and back. See [Volumes].
public final class VolumeWriter {
    private final SegmentStore store;
    private final Volumes volumes;
    private final Delivery delivery;

    public VolumeWriter(SegmentStore store, Volumes volumes, Delivery delivery) {
        this.store = store;
        this.volumes = volumes;
        this.delivery = delivery;
    }

    /// Returns when the target is that image, durably. Done again after a failure, it goes on where it was.
    ///
    /// @param undo whether the image that is there now can be had back without a network
    /// @param patience how long nothing may arrive
    public Manifest write(ManifestId id, Path target, Undo undo, Progress progress, Duration patience)
            throws IOException, InterruptedException {
        try (Lease lease = store.lease(id)) {
            Manifest manifest = delivery.manifest(id, lease);
            Optional<Volume.State> before = volumes.volume(target).map(Volume::state);
            if (before.isEmpty() || before.get() instanceof Volume.Filling) {
                if (before.isPresent() && !before.get().manifests().contains(id)) {
                    volumes.release(target);
                }
                fill(manifest, target, progress, patience);
            } else if (before.get() instanceof Volume.Converting converting
                    && !converting.manifests().contains(id)) {
                // It cannot turn back into neither: first it arrives where it was going.
                Manifest halfway = delivery.manifest(converting.to(), lease);
                convert(halfway, target, undo, progress, patience);
                convert(manifest, target, undo, progress, patience);
            } else if (before.get() instanceof Volume.Whole whole
                    && !whole.current().equals(id)) {
                if (!whole.manifests().contains(id)) {
                    // There is room for two images; a third one takes the place of the one before.
                    volumes.forgetUndo(target);
                }
                convert(manifest, target, undo, progress, patience);
            }
            return manifest;
        }
    }

    private void fill(Manifest manifest, Path target, Progress progress, Duration patience)
            throws IOException, InterruptedException {
        try (Fill fill = volumes.fill(target, manifest, store, progress)) {
            Manifest _ = delivery.fetch(manifest.id(), progress, patience);
            fill.finish(progress);
        }
    }

    private void convert(Manifest manifest, Path target, Undo undo, Progress progress, Duration patience)
            throws IOException, InterruptedException {
        Manifest _ = delivery.fetch(manifest.id(), progress, patience);
        try (Conversion conversion = volumes.convert(target, manifest, progress)) {
            conversion.run(undo, progress);
        }
        int _ = volumes.thin(target, progress);
    }
}
