package dev.muster.chunkstore.volume;

import dev.muster.chunkstore.Progress;
import dev.muster.chunkstore.store.Lease;
import dev.muster.chunkstore.store.SegmentStore;
import dev.muster.chunkstore.volume.Targets.Claim;
import dev.muster.chunkstore.volume.Volume.Converting;
import dev.muster.chunkstore.volume.Volume.Filling;
import dev.muster.chunkstore.volume.Volume.Releasing;
import dev.muster.chunkstore.volume.Volume.Whole;
import dev.muster.protocol.MusterException.TargetRefused;
import dev.muster.protocol.MusterException.Unreachable;
import dev.muster.protocol.content.Block;
import dev.muster.protocol.content.ChunkEntry;
import dev.muster.protocol.content.Extent;
import dev.muster.protocol.content.ManifestId;
import java.io.IOException;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;

/// Finds out what it takes to turn a volume into another image. For one thread.
final class Comparing {
    private final Registry registry;
    private final OpenVolume volume;
    private final Claim claim;

    Comparing(Registry registry, OpenVolume volume, Claim claim) {
        this.registry = registry;
        this.volume = volume;
        this.claim = claim;
    }

    Conversion with(Layout to, Progress progress) throws IOException {
        Lease held = registry.store().lease();
        try {
            held.hold(to.manifest());
            return with(to, held, progress);
        } catch (IOException | RuntimeException e) {
            held.close();
            throw e;
        }
    }

    private Conversion with(Layout to, Lease held, Progress progress) throws IOException {
        ManifestId from = from(volume.view().volume(), to.manifest().id());
        TargetFile target = volume.target().orElseThrow();
        if (claim.isDevice() && target.size() < to.length()) {
            throw refused("room for " + to.length() + " bytes", target.size());
        }
        requireAll(to);
        Layout old = from.equals(to.manifest().id()) ? to : registry.layout(from);
        SegmentStore store = registry.store();
        List<BitSet> right =
                Survey.of(target, List.of(to, old), store, registry.tools().work(), progress);
        right.forEach(each -> each.andNot(volume.unsure()));
        if (!claim.isDevice()) {
            addGrown(to, target.size(), right.getFirst());
        }
        Rescue rescue = Rescue.of(old, to, right.getLast(), right.getFirst(), volume.view(), registry);
        registry.check(rescue.lost());
        rescue.undo().keySet().removeAll(rescue.lost());
        requireAll(to);
        return new Conversion(registry, volume, claim, held, rescue);
    }

    /// The other image whose blocks may lie on the target.
    private ManifestId from(Volume known, ManifestId to) throws TargetRefused {
        return switch (known.state()) {
            case Whole(ManifestId current, Optional<ManifestId> undo) -> {
                if (undo.isPresent() && !undo.get().equals(to) && !current.equals(to)) {
                    throw refused("no image to go back to, or that one", undo.get());
                }
                yield current;
            }
            case Converting under -> {
                if (!under.manifests().contains(to)) {
                    throw refused("to go on to " + under.to() + " or back to " + under.from() + " first", to);
                }
                yield to.equals(under.to()) ? under.from() : under.to();
            }
            case Filling _, Releasing _ -> throw refused("a whole volume", known.state());
        };
    }

    /// Zeros behind the end of a file are there as soon as it is longer.
    private static void addGrown(Layout image, long size, BitSet right) {
        for (int at = (int) Math.min(image.blocks(), Block.count(size)); at < image.blocks(); ) {
            Extent extent = image.at(at);
            if (extent.kind() != Extent.Kind.CHUNK) {
                right.set(at, (int) extent.end());
            }
            at = (int) extent.end();
        }
    }

    private void requireAll(Layout image) throws Unreachable {
        long missing = image.manifest().chunks().stream()
                .map(ChunkEntry::id)
                .filter(id -> !registry.store().has(id))
                .count();
        if (missing > 0) {
            throw new Unreachable("image " + image.manifest().id() + ": expected all of its "
                    + image.manifest().chunks().size() + " chunks in the store or on the target, found " + missing
                    + " of them missing");
        }
    }

    private TargetRefused refused(String expected, Object found) {
        return new TargetRefused(
                "target " + volume.view().volume().target() + ": expected " + expected + ", found " + found);
    }
}
