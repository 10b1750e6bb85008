package dev.muster.chunkstore.volume;

import dev.muster.chunkstore.Progress;
import dev.muster.chunkstore.disk.Disk;
import dev.muster.chunkstore.store.ChunkSource;
import dev.muster.chunkstore.store.Elsewhere;
import dev.muster.chunkstore.store.SegmentStore;
import dev.muster.chunkstore.volume.Targets.Claim;
import dev.muster.chunkstore.volume.Volume.Filling;
import dev.muster.chunkstore.volume.Volume.Releasing;
import dev.muster.chunkstore.volume.Volume.State;
import dev.muster.chunkstore.volume.Volume.Whole;
import dev.muster.protocol.MusterException.TargetRefused;
import dev.muster.protocol.content.Chunk;
import dev.muster.protocol.content.ChunkHeader;
import dev.muster.protocol.content.ChunkId;
import dev.muster.protocol.content.Manifest;
import dev.muster.protocol.content.ManifestId;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// The targets of this host that count as places of chunks: they are filled, served from, turned from one
/// image into another, and let go. Safe for many threads; a target is worked on by one at a time.
///
/// They are closed before the store or after it.
public final class Volumes implements Elsewhere, Closeable {

    private final Registry registry;
    private final Targets targets;
    private final Set<Path> busy = new HashSet<>();
    private final Set<Fill> fills = ConcurrentHashMap.newKeySet();

    private Volumes(Registry registry, Targets targets) {
        this.registry = registry;
        this.targets = targets;
    }

    /// Opens the volumes of a store, which serves what lies on them from then on, and collects nothing that
    /// they rely on. Of a target that is gone, or is another by now, or of which nothing is known any more,
    /// the chunks are forgotten.
    public static Volumes open(SegmentStore store, Targets targets, Tools tools) throws IOException {
        VolumeFiles files = VolumeFiles.open(store.disk(), store.root().resolve("volumes"));
        Registry registry = new Registry(store, tools, files);
        Volumes volumes = new Volumes(registry, targets);
        Opening opening = new Opening(registry);
        opening.open();
        store.attach(volumes);
        store.addRoots(registry);
        opening.check();
        return volumes;
    }

    /// What is known of each volume.
    public List<Volume> volumes() {
        return registry.volumes().stream().map(volume -> volume.view().volume()).toList();
    }

    /// What is known of the volume on a target, if it is one; a file that took its place is none.
    public Optional<Volume> volume(Path target) throws IOException {
        return find(targets.real(target))
                .filter(OpenVolume::isThere)
                .map(volume -> volume.view().volume());
    }

    /// Begins, or goes on, to fill a target with an image whose head and pages are in the store. What the
    /// target holds is compared with the image first, as far as headers of its chunks are known; all else is
    /// overwritten.
    ///
    /// @param headers of chunks that may lie on the target already: the store, or what came from peers
    /// @throws TargetRefused if it is in use, too small, or a volume of another image
    public Fill fill(Path target, Manifest manifest, ChunkSource headers, Progress progress) throws IOException {
        Path real = targets.real(target);
        Disk disk = registry.store().disk();
        if (!disk.exists(real)) {
            disk.create(real).close();
            disk.forceDirectory(real.resolveSibling(""));
        }
        Claim claim = claim(real);
        try {
            Filling filling =
                    new Filling(registry.layout(manifest.id()).manifest().id());
            Optional<OpenVolume> before = find(real);
            if (before.isPresent() && !before.get().isThere()) {
                letGo(before.get());
                before = Optional.empty();
            }
            if (before.isPresent() && !before.get().view().volume().state().equals(filling)) {
                throw refused(real, "no volume, or one that is being filled with " + manifest.id(), before.get());
            }
            Fill fill = new Filler(registry, real, claim, headers, progress).begin(filling, before);
            fills.removeIf(Fill::isClosed);
            fills.add(fill);
            return fill;
        } catch (IOException | RuntimeException e) {
            claim.close();
            throw e;
        }
    }

    /// Begins, or goes on, to turn a target from the image that it has into another, or back. All of the
    /// target is read for it, and nothing is written yet. Every chunk of the new image must be in the store,
    /// or lie on the target.
    ///
    /// @throws TargetRefused if it is in use, too small, no volume, or on the way between other images
    /// @throws dev.muster.protocol.MusterException.Unreachable if chunks are missing, also those that turn
    ///     out to have been overwritten by somebody; they have to be fetched again
    public Conversion convert(Path target, Manifest manifest, Progress progress) throws IOException {
        Path real = targets.real(target);
        Claim claim = claim(real);
        try {
            OpenVolume volume = find(real)
                    .filter(OpenVolume::isThere)
                    .orElseThrow(() -> new TargetRefused("target " + real + ": expected a volume, found none"));
            return new Comparing(registry, volume, claim).with(registry.layout(manifest.id()), progress);
        } catch (IOException | RuntimeException e) {
            claim.close();
            throw e;
        }
    }

    /// Gives up the image that a target could be turned back into.
    ///
    /// @throws TargetRefused if the target is no volume, or not whole
    public void forgetUndo(Path target) throws IOException {
        Path real = targets.real(target);
        try (Claim _ = reserve(real)) {
            OpenVolume volume = find(real)
                    .orElseThrow(() -> new TargetRefused("target " + real + ": expected a volume, found none"));
            OpenVolume.View view = volume.view();
            if (!(view.volume().state() instanceof Whole(ManifestId current, Optional<ManifestId> undo))) {
                throw refused(real, "a whole volume", volume);
            }
            if (undo.isPresent()) {
                Layout image = registry.layout(current);
                List<OpenVolume> others = registry.others(volume);
                new Parting(registry, List.of(registry.layout(undo.get())), others, Optional.of(image)).run();
                Set<ChunkId> spill = Rescue.settled(image, view).spillInUse(view.spill(), false, registry);
                Whole state = new Whole(current, Optional.empty());
                registry.become(volume, view.volume().with(state, List.copyOf(spill)), List.of(image));
            }
        }
    }

    /// Makes a target an ordinary file or device again: its chunks are not here any more, unless elsewhere.
    /// Nothing is written to it. Nothing happens if it is no volume.
    ///
    /// @throws TargetRefused if it is being worked on
    public void release(Path target) throws IOException {
        Path real = targets.real(target);
        try (Claim _ = reserve(real)) {
            Optional<OpenVolume> found = find(real);
            if (found.isPresent()) {
                letGo(found.get());
            }
        }
    }

    private void letGo(OpenVolume volume) throws IOException {
        // What was put while it was filled is forced with it, while it is open.
        registry.store().flush();
        OpenVolume.View view = volume.view();
        State state = new Releasing(view.volume().state().manifests());
        registry.files().put(view.volume().with(state, List.of()));
        // Until it is let go, what others need of it is read from it.
        registry.forgetReleased(view.volume(), view.layouts(), registry.others(volume));
        registry.volumes().remove(volume);
        volume.close();
    }

    /// The chunks of the image on a target whose blocks lie in the store as well, although the target has
    /// every one of them; all of the target is read for it. Chunks that stand in for lost blocks of a volume
    /// are not among them.
    ///
    /// @throws TargetRefused if the target is no volume, or not whole
    public List<ChunkId> doublyHeld(Path target, Progress progress) throws IOException {
        Path real = targets.real(target);
        try (Claim _ = reserve(real)) {
            return held(real, progress).stream().map(ChunkHeader::id).toList();
        }
    }

    /// Lets go of the blocks in the store of chunks that are [#doublyHeld]; from then on they are read from
    /// the target.
    ///
    /// @return how many chunks
    public int thin(Path target, Progress progress) throws IOException {
        Path real = targets.real(target);
        registry.spilling().lock();
        try (Claim _ = reserve(real)) {
            List<ChunkHeader> headers = held(real, progress);
            for (ChunkHeader header : headers) {
                registry.store().keepElsewhere(header);
            }
            registry.store().flush();
            return headers.size();
        } finally {
            registry.spilling().unlock();
        }
    }

    @Override
    public Taken take(Chunk chunk) throws IOException {
        List<Fill> taking = new ArrayList<>();
        try {
            for (Fill fill : fills) {
                if (fill.take(chunk)) {
                    taking.add(fill);
                }
            }
        } catch (IOException | RuntimeException e) {
            taking.forEach(Fill::letGo);
            throw e;
        }
        return new Taken(taking.stream().map(Fill::file).toList(), () -> taking.forEach(Fill::letGo));
    }

    @Override
    public Optional<Chunk> chunk(ChunkId id, ChunkHeader header) throws IOException {
        return Optional.of(registry.blocks().chunk(id, header));
    }

    private List<ChunkHeader> held(Path real, Progress progress) throws IOException {
        OpenVolume volume = find(real)
                .filter(OpenVolume::isThere)
                .orElseThrow(() -> new TargetRefused("target " + real + ": expected a volume, found none"));
        if (!(volume.view().volume().state() instanceof Whole whole)) {
            throw refused(real, "a whole volume", volume);
        }
        return registry.doublyHeld(volume, registry.layout(whole.current()), progress);
    }

    private Optional<OpenVolume> find(Path real) {
        return registry.volumes().stream()
                .filter(volume -> volume.view().volume().target().equals(real))
                .findFirst();
    }

    /// Takes a target for as long as it is worked on.
    private Claim claim(Path real) throws IOException {
        Claim reserved = reserve(real);
        try {
            Claim claim = targets.claim(real);
            return new Claim(claim.isDevice(), () -> {
                try (reserved) {
                    claim.close();
                }
            });
        } catch (IOException | RuntimeException e) {
            reserved.close();
            throw e;
        }
    }

    /// Keeps others here from working on a target.
    private Claim reserve(Path real) throws TargetRefused {
        synchronized (busy) {
            if (!busy.add(real)) {
                throw new TargetRefused("target " + real + ": expected one that nobody works on, found it in use");
            }
        }
        return new Claim(false, () -> {
            synchronized (busy) {
                busy.remove(real);
            }
        });
    }

    private static TargetRefused refused(Path real, String expected, OpenVolume found) {
        return new TargetRefused("target " + real + ": expected " + expected + ", found "
                + found.view().volume().state());
    }

    /// Nothing is served from targets any more when this returns.
    @Override
    public void close() throws IOException {
        registry.store().attach(Elsewhere.NONE);
        fills.forEach(Fill::takeNoMore);
        try {
            registry.store().flush();
        } finally {
            for (OpenVolume volume : registry.volumes()) {
                volume.close();
            }
        }
    }
}
