package dev.muster.chunkstore.volume;

import dev.muster.chunkstore.disk.Disk;
import dev.muster.chunkstore.volume.Volume.Converting;
import dev.muster.chunkstore.volume.Volume.Filling;
import dev.muster.chunkstore.volume.Volume.Releasing;
import dev.muster.chunkstore.volume.Volume.Whole;
import dev.muster.protocol.MusterException.Corrupt;
import dev.muster.protocol.MusterException.Unknown;
import dev.muster.protocol.content.Block;
import dev.muster.protocol.content.ChunkHeader;
import dev.muster.protocol.content.ChunkId;
import dev.muster.protocol.content.Extent;
import dev.muster.protocol.content.Hash;
import dev.muster.protocol.content.ManifestId;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/// What happens to volumes when they are opened. For one thread.
///
/// Of a target that is whole some blocks are read. If none of them is right, it is another file or device
/// under that name, and as good as gone; what else was changed is found when it is read.
final class Opening {
    private static final Logger LOG = System.getLogger(Opening.class.getName());
    private static final int SAMPLES = 16;

    private final Registry registry;
    /// Chunks that may not be what they are called.
    private final Set<ChunkId> doubtful = new LinkedHashSet<>();

    private boolean damaged;

    Opening(Registry registry) {
        this.registry = registry;
    }

    void open() throws IOException {
        List<Volume> leaving = new ArrayList<>();
        for (Volume volume : registry.files().all(this::damaged)) {
            switch (volume.state()) {
                case Filling _, Converting _, Whole _ -> registry.volumes().add(open(volume));
                case Releasing _ -> leaving.add(volume);
            }
        }
        for (Volume volume : leaving) {
            registry.forgetReleased(volume, layouts(volume), registry.volumes());
        }
    }

    /// Forgets what turned out not to be here.
    void check() throws IOException {
        if (damaged) {
            // What lay on its target could be any chunk.
            for (ManifestId id : registry.store().installed()) {
                layout(id).ifPresent(this::doubt);
            }
        }
        int lost = registry.check(doubtful);
        if (lost > 0) {
            LOG.log(Level.WARNING, "chunks on volumes lost: chunks={0}", lost);
        }
    }

    private void damaged(Corrupt e) {
        LOG.log(Level.WARNING, "volume lost: cause={0}", e.getMessage());
        damaged = true;
    }

    private void doubt(Layout image) {
        image.manifest().chunks().forEach(chunk -> doubtful.add(chunk.id()));
    }

    private OpenVolume open(Volume volume) throws IOException {
        List<Layout> layouts = layouts(volume);
        Optional<TargetFile> target = target(volume);
        if (target.isPresent()
                && volume.state() instanceof Whole whole
                && !isSame(target.get(), whole.current(), layouts)) {
            target.get().close();
            target = Optional.empty();
        }
        if (target.isEmpty()) {
            LOG.log(Level.WARNING, "target gone: target={0}", volume.target());
            layouts.forEach(this::doubt);
        }
        Optional<Stash> stash = Optional.empty();
        if (volume.state() instanceof Converting) {
            stash = registry.stash(volume);
        } else {
            registry.deleteStash(volume);
        }
        SpillMap spill = SpillMap.of(volume.spill(), registry.store());
        OpenVolume.View view = new OpenVolume.View(volume, layouts, spill, stash);
        return new OpenVolume(target, view, registry.store(), registry.tools().codec());
    }

    private Optional<TargetFile> target(Volume volume) {
        Disk disk = registry.store().disk();
        if (!disk.exists(volume.target())) {
            return Optional.empty();
        }
        try {
            return Optional.of(new TargetFile(volume.target(), disk.open(volume.target())));
        } catch (IOException e) {
            LOG.log(Level.WARNING, "target not opened: target={0} cause={1}", volume.target(), e.toString());
            return Optional.empty();
        }
    }

    /// Of the images that can be read: what is only of others cannot be found.
    private List<Layout> layouts(Volume volume) throws IOException {
        List<Layout> layouts = new ArrayList<>();
        for (ManifestId id : volume.state().manifests()) {
            layout(id).ifPresent(layouts::add);
        }
        return layouts;
    }

    private Optional<Layout> layout(ManifestId id) throws IOException {
        try {
            return Optional.of(registry.layout(id));
        } catch (Corrupt | Unknown e) {
            LOG.log(Level.WARNING, "image of a volume lost: cause={0}", e.getMessage());
            return Optional.empty();
        }
    }

    private boolean isSame(TargetFile target, ManifestId current, List<Layout> layouts) throws IOException {
        Optional<Layout> image = layouts.stream()
                .filter(layout -> layout.manifest().id().equals(current))
                .findFirst();
        int right = 0;
        int wrong = 0;
        for (int chunk : image.isPresent() ? samples(image.get()) : new int[0]) {
            List<Extent> uses = image.get().uses(chunk);
            Optional<ChunkHeader> header = registry.elsewhere(image.get().id(chunk));
            if (header.isPresent() && !uses.isEmpty()) {
                if (isRight(target, image.get(), uses.getFirst(), header.get())) {
                    right++;
                } else {
                    wrong++;
                    doubtful.add(image.get().id(chunk));
                }
            }
        }
        return right > 0 || wrong == 0;
    }

    /// Some chunks from all over the image.
    private static int[] samples(Layout image) {
        int chunks = image.manifest().chunks().size();
        int samples = Math.min(SAMPLES, chunks);
        return IntStream.range(0, samples)
                .map(i -> (int) ((long) i * chunks / samples))
                .toArray();
    }

    private static boolean isRight(TargetFile target, Layout layout, Extent use, ChunkHeader header) {
        ByteBuffer block = ByteBuffer.allocate(Block.BYTES);
        try {
            target.read(block, use.firstBlock(), layout.length());
            return Hash.of(block.flip()).equals(header.block(use.blockInChunk()));
        } catch (IOException _) {
            return false;
        }
    }
}
