package dev.muster.chunkstore.volume;

import dev.muster.chunkstore.Progress;
import dev.muster.chunkstore.store.Held;
import dev.muster.chunkstore.store.Roots;
import dev.muster.chunkstore.store.SegmentStore;
import dev.muster.protocol.MusterException.Corrupt;
import dev.muster.protocol.MusterException.TargetRefused;
import dev.muster.protocol.content.Chunk;
import dev.muster.protocol.content.ChunkHeader;
import dev.muster.protocol.content.ChunkId;
import dev.muster.protocol.content.Hash;
import dev.muster.protocol.content.Manifest;
import dev.muster.protocol.content.ManifestId;
import java.io.EOFException;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/// The volumes of a store, in memory and for good. Safe for many threads; each volume is changed by one.
final class Registry implements Roots {
    private static final Logger LOG = System.getLogger(Registry.class.getName());
    private static final String STASH_SUFFIX = ".stash";

    private final SegmentStore store;
    private final Tools tools;
    private final VolumeFiles files;
    private final Blocks blocks;
    private final ReentrantLock spilling = new ReentrantLock();

    Registry(SegmentStore store, Tools tools, VolumeFiles files) {
        this.store = store;
        this.tools = tools;
        this.files = files;
        this.blocks = new Blocks(store, tools.codec());
    }

    SegmentStore store() {
        return store;
    }

    Tools tools() {
        return tools;
    }

    Blocks blocks() {
        return blocks;
    }

    List<OpenVolume> volumes() {
        return blocks.volumes();
    }

    VolumeFiles files() {
        return files;
    }

    /// Where the blocks on the move of a volume are.
    Path stashFile(Volume volume) {
        return files.file(volume.target(), STASH_SUFFIX);
    }

    /// @throws TargetRefused if the image is longer than a volume can be
    static Layout layout(Manifest manifest) throws TargetRefused {
        if (manifest.shape().blocks() > Integer.MAX_VALUE) {
            throw new TargetRefused("image " + manifest.id() + ": expected one of at most 8 TiB for a volume, found "
                    + manifest.shape().length() + " bytes");
        }
        return new Layout(manifest);
    }

    Layout layout(ManifestId id) throws IOException {
        return layout(store.manifest(id));
    }

    /// This is so of the volume, for good and for who reads.
    void become(OpenVolume volume, Volume next, List<Layout> layouts) throws IOException {
        files.put(next);
        OpenVolume.View view = volume.view();
        volume.become(new OpenVolume.View(next, layouts, SpillMap.of(next.spill(), store), view.stash()));
    }

    /// What was stashed for a volume, as far as it can be read.
    Optional<Stash> stash(Volume volume) throws IOException {
        try {
            return Stash.open(store.disk(), stashFile(volume));
        } catch (Corrupt | EOFException e) {
            LOG.log(Level.WARNING, "stash lost: target={0} cause={1}", volume.target(), e.getMessage());
            return Optional.empty();
        }
    }

    /// These blocks of a volume are on the move, and no others.
    void replaceStash(OpenVolume volume, SequencedMap<Hash, ByteBuffer> bytes) throws IOException {
        OpenVolume.View view = volume.view();
        Stash next = Stash.replace(store.disk(), stashFile(view.volume()), bytes);
        volume.become(view.with(Optional.of(next)));
        if (view.stash().isPresent()) {
            view.stash().get().close();
        }
    }

    /// Nothing of a volume is on the move any more.
    void dropStash(OpenVolume volume) throws IOException {
        OpenVolume.View view = volume.view();
        volume.become(view.with(Optional.empty()));
        if (view.stash().isPresent()) {
            view.stash().get().close();
        }
        deleteStash(view.volume());
    }

    void deleteStash(Volume volume) throws IOException {
        Path stash = stashFile(volume);
        if (store.disk().exists(stash)) {
            store.disk().delete(stash);
        }
    }

    /// To be held while it is decided which chunks of the store stand in for blocks of volumes: from then on
    /// their blocks must lie in the store.
    ReentrantLock spilling() {
        return spilling;
    }

    /// Lets go of everything that lies on a target that is no volume any more.
    ///
    /// @param images those whose blocks may have lain there
    /// @param others the volumes that stay
    void forgetReleased(Volume volume, List<Layout> images, List<OpenVolume> others) throws IOException {
        new Parting(this, images, others, Optional.empty()).run();
        deleteStash(volume);
        files.delete(volume.target());
        LOG.log(Level.INFO, "released: target={0}", volume.target());
    }

    /// Chunks of the image of a whole volume, every block of which is on the target, and in the store too.
    List<ChunkHeader> doublyHeld(OpenVolume volume, Layout image, Progress progress) throws IOException {
        TargetFile target = volume.target().orElseThrow();
        BitSet right =
                Survey.of(target, List.of(image), store, tools.work(), progress).getFirst();
        Set<ChunkId> standIns = new HashSet<>();
        chunks(standIns::add);
        List<ChunkHeader> found = new ArrayList<>();
        for (int chunk = 0; chunk < image.manifest().chunks().size(); chunk++) {
            Optional<Held> held = store.held(image.id(chunk)).filter(Held::here);
            if (held.isPresent()
                    && !standIns.contains(image.id(chunk))
                    && image.isWhole(chunk, held.get().header())
                    && image.isRight(chunk, right)) {
                found.add(held.get().header());
            }
        }
        return found;
    }

    /// Every volume but this one.
    List<OpenVolume> others(OpenVolume volume) {
        return volumes().stream().filter(other -> other != volume).toList();
    }

    /// The header of a chunk that is here, and its blocks not in the store.
    Optional<ChunkHeader> elsewhere(ChunkId id) throws IOException {
        try {
            return store.held(id).filter(held -> !held.here()).map(Held::header);
        } catch (Corrupt _) {
            return Optional.empty();
        }
    }

    /// Tries to read the chunks of an image whose blocks do not lie in the store, so that those that cannot
    /// be read are forgotten.
    ///
    /// @return how many are
    int check(Iterable<ChunkId> ids) throws IOException {
        int lost = 0;
        for (ChunkId id : ids) {
            if (elsewhere(id).isPresent()) {
                try {
                    Optional<Chunk> _ = store.chunk(id);
                } catch (Corrupt e) {
                    LOG.log(Level.DEBUG, "chunk lost: cause={0}", e.getMessage());
                    lost++;
                }
            }
        }
        return lost;
    }

    @Override
    public Set<ManifestId> manifests() {
        Set<ManifestId> ids = new LinkedHashSet<>();
        for (OpenVolume volume : volumes()) {
            ids.addAll(volume.view().volume().state().manifests());
        }
        return ids;
    }

    @Override
    public void chunks(Consumer<ChunkId> out) {
        for (OpenVolume volume : volumes()) {
            volume.view().volume().spill().forEach(out);
        }
    }
}
