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
import dev.muster.protocol.MusterException.Unreachable;
import dev.muster.protocol.content.Manifest;
import dev.muster.protocol.content.ManifestId;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
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

    /// The targets that this host holds chunks on.
    public List<Volume> volumes() {
        return volumes.volumes();
    }

    /// Makes a target an ordinary file or device again; what only it has is not here any more.
    public void release(Path target) throws IOException {
        volumes.release(target);
    }

    /// Is told before the image that is on a target is written over.
    @FunctionalInterface
    public interface Overwriting {
        Overwriting UNHEARD = () -> {};

        void begins() throws IOException;
    }

    /// Returns when the target is that image, durably, and every block of it was hashed. Done again after a failure, it
    /// goes on where it was.
    ///
    /// @param undo whether the image that is there now can be had back without a network
    /// @param patience how long nothing may arrive
    public Manifest write(
            ManifestId id, Path target, Undo undo, Overwriting overwriting, Progress progress, Duration patience)
            throws IOException, InterruptedException {
        try (Lease lease = store.lease(id)) {
            Manifest manifest = delivery.manifest(id, lease, progress, patience);
            Optional<Volume.State> before = prepared(id, target, lease, overwriting, progress, patience);
            if (before.isEmpty() || before.get() instanceof Volume.Filling) {
                fill(manifest, target, progress, patience);
            } else {
                convert(manifest, target, undo, overwriting, progress, patience);
            }
            return manifest;
        }
    }

    /// Brings a target to where it can become the image: a volume has room for two, so a third takes the place of the
    /// one that it could be turned back into.
    private Optional<Volume.State> prepared(
            ManifestId id, Path target, Lease lease, Overwriting overwriting, Progress progress, Duration patience)
            throws IOException, InterruptedException {
        while (true) {
            Optional<Volume.State> state = volumes.volume(target).map(Volume::state);
            if (state.isEmpty() || state.get().manifests().contains(id)) {
                return state;
            }
            switch (state.get()) {
                case Volume.Filling _, Volume.Releasing _ -> volumes.release(target);
                case Volume.Converting under -> {
                    // With both images there, back is the way that needs no network.
                    ManifestId end = under.undo() == Undo.KEEP ? under.from() : under.to();
                    Manifest manifest = delivery.manifest(end, lease);
                    convert(manifest, target, under.undo(), overwriting, progress, patience);
                }
                case Volume.Whole whole when whole.undo().isPresent() -> volumes.forgetUndo(target);
                case Volume.Whole _ -> {
                    return state;
                }
            }
        }
    }

    private void fill(Manifest manifest, Path target, Progress progress, Duration patience)
            throws IOException, InterruptedException {
        try (Fill fill = volumes.fill(target, manifest, store, progress)) {
            Manifest _ = delivery.fetchElsewhere(manifest.id(), progress, patience);
            fill.finish(progress);
        }
    }

    private void convert(
            Manifest manifest, Path target, Undo undo, Overwriting overwriting, Progress progress, Duration patience)
            throws IOException, InterruptedException {
        try (Conversion conversion = conversion(manifest, target, progress, patience)) {
            overwriting.begins();
            conversion.run(undo, progress);
        }
        int _ = volumes.thin(target, progress);
    }

    private Conversion conversion(Manifest manifest, Path target, Progress progress, Duration patience)
            throws IOException, InterruptedException {
        Manifest _ = delivery.fetch(manifest.id(), progress, patience);
        try {
            return volumes.convert(target, manifest, progress);
        } catch (Unreachable _) {
            // Somebody wrote to the target, as its comparison found out: what was there is fetched as well.
            Manifest _ = delivery.fetch(manifest.id(), progress, patience);
            return volumes.convert(target, manifest, progress);
        }
    }
}
