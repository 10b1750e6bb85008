package dev.muster.chunkstore.volume;

import dev.muster.chunkstore.Progress;
import dev.muster.chunkstore.store.ChunkSource;
import dev.muster.chunkstore.store.SegmentStore;
import dev.muster.chunkstore.volume.Targets.Claim;
import dev.muster.chunkstore.volume.Volume.Filling;
import dev.muster.protocol.MusterException.Corrupt;
import dev.muster.protocol.MusterException.TargetRefused;
import dev.muster.protocol.content.Block;
import dev.muster.protocol.content.ChunkHeader;
import dev.muster.protocol.content.Extent;
import java.io.IOException;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;

/// Makes a target ready to be filled: what is right there counts from now on, and zeros are zeros. For one
/// thread.
final class Filler {
    private final Registry registry;
    private final Path target;
    private final Claim claim;
    private final ChunkSource headers;
    private final Progress progress;

    Filler(Registry registry, Path target, Claim claim, ChunkSource headers, Progress progress) {
        this.registry = registry;
        this.target = target;
        this.claim = claim;
        this.headers = headers;
        this.progress = progress;
    }

    /// @param before the volume, if it is one
    Fill begin(Filling filling, Optional<OpenVolume> before) throws IOException {
        Layout image = registry.layout(filling.to());
        OpenVolume volume = before.isPresent() && before.get().target().isPresent()
                ? before.get()
                : replace(before, open(new Volume(target, filling, List.of()), image));
        TargetFile file = volume.target().orElseThrow();
        boolean blank = file.size() == 0;
        if (!claim.isDevice()) {
            file.resize(image.length());
        }
        if (blank) {
            requireRoom(image, new BitSet());
            return new Fill(registry, volume, claim, image, new BitSet());
        }
        BitSet right = Survey.of(file, List.of(image), headers, registry.tools().work(), progress)
                .getFirst();
        zero(file, image, right);
        if (before.isPresent()) {
            requireRoom(image, right);
        }
        return new Fill(registry, volume, claim, image, placed(image, right));
    }

    /// A file that was made for the image is sparse: what is to come needs room, and is not fetched without.
    private void requireRoom(Layout image, BitSet right) throws IOException {
        if (claim.isDevice()) {
            return;
        }
        BitSet missing = new BitSet();
        for (Extent extent : image.manifest().extents()) {
            if (extent.kind() == Extent.Kind.CHUNK) {
                missing.set((int) extent.firstBlock(), (int) extent.end());
            }
        }
        missing.andNot(right);
        long needed = (long) missing.cardinality() * Block.BYTES;
        long free = registry.store().disk().freeBytes(target.resolveSibling(""));
        if (free < needed) {
            throw new TargetRefused("target " + target + ": expected room for " + needed + " bytes of image "
                    + image.manifest().id() + ", found " + free + " free");
        }
    }

    private OpenVolume open(Volume volume, Layout image) throws IOException {
        SegmentStore store = registry.store();
        TargetFile file = new TargetFile(target, store.disk().open(target));
        try {
            if (claim.isDevice() && file.size() < image.length()) {
                throw new TargetRefused(
                        "target " + target + ": expected room for " + image.length() + " bytes, found " + file.size());
            }
            registry.files().put(volume);
        } catch (IOException e) {
            file.close();
            throw e;
        }
        OpenVolume.View view =
                new OpenVolume.View(volume, List.of(image), SpillMap.of(List.of(), store), Optional.empty());
        return new OpenVolume(Optional.of(file), view, store, registry.tools().codec());
    }

    private OpenVolume replace(Optional<OpenVolume> before, OpenVolume opened) {
        before.ifPresent(registry.volumes()::remove);
        registry.volumes().add(opened);
        return opened;
    }

    private static void zero(TargetFile file, Layout image, BitSet right) throws IOException {
        for (Extent extent : image.manifest().extents()) {
            int at = right.nextClearBit((int) extent.firstBlock());
            while (extent.kind() != Extent.Kind.CHUNK && at < extent.end()) {
                int next = right.nextSetBit(at);
                int end = next < 0 ? (int) extent.end() : (int) Math.min(next, extent.end());
                file.zero(at, end - at, image.length());
                at = right.nextClearBit(end);
            }
        }
    }

    /// The chunks of which every block that the image uses is right. Those of which it uses all count as
    /// here.
    private BitSet placed(Layout image, BitSet right) throws IOException {
        BitSet placed = new BitSet();
        for (int chunk = 0; chunk < image.manifest().chunks().size(); chunk++) {
            if (image.isRight(chunk, right)) {
                placed.set(chunk);
                Optional<ChunkHeader> header = header(image, chunk);
                if (!registry.store().has(image.id(chunk))
                        && header.isPresent()
                        && image.isWhole(chunk, header.get())) {
                    registry.store().keepElsewhere(header.get());
                }
            }
        }
        return placed;
    }

    private Optional<ChunkHeader> header(Layout image, int chunk) throws IOException {
        try {
            return headers.header(image.id(chunk));
        } catch (Corrupt _) {
            return Optional.empty();
        }
    }
}
