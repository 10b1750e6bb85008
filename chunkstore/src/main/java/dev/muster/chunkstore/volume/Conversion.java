package dev.muster.chunkstore.volume;

import dev.muster.chunkstore.Progress;
import dev.muster.chunkstore.store.Lease;
import dev.muster.chunkstore.store.SegmentStore;
import dev.muster.chunkstore.volume.Targets.Claim;
import dev.muster.chunkstore.volume.Volume.Converting;
import dev.muster.chunkstore.volume.Volume.Whole;
import dev.muster.protocol.MusterException.StoreRefused;
import dev.muster.protocol.content.Block;
import dev.muster.protocol.content.ChunkId;
import java.io.Closeable;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.BitSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// A target on its way from one image to another, where it lies: what it takes, to the byte, and then the
/// doing of it.
///
/// Both images can be read at each moment, block by block, if the old one is kept: what a write is about to
/// destroy is safe before, in the store, in the stash, or where the new image has it. So it may be broken off
/// anywhere, and done again from the start: what is right is found. Nobody else uses the target until this is
/// closed.
public final class Conversion implements Closeable {
    private static final Logger LOG = System.getLogger(Conversion.class.getName());

    private final Registry registry;
    private final OpenVolume volume;
    private final TargetFile target;
    private final Claim claim;
    private final Lease held;
    private final Rescue rescue;
    private final Layout from;
    private final Layout to;
    private final BitSet todo;

    /// @param held holds the chunks of the new image
    Conversion(Registry registry, OpenVolume volume, Claim claim, Lease held, Rescue rescue) {
        this.registry = registry;
        this.volume = volume;
        this.target = volume.target().orElseThrow();
        this.claim = claim;
        this.held = held;
        this.rescue = rescue;
        this.from = rescue.from();
        this.to = rescue.to();
        this.todo = new BitSet();
        todo.set(0, to.blocks());
        todo.andNot(rescue.right());
    }

    /// @param undo what the caller wants; what an earlier attempt gave up is gone
    private Undo possible(Undo undo) {
        Converting givenUp = new Converting(from.manifest().id(), to.manifest().id(), Undo.GIVE_UP);
        return volume.view().volume().state().equals(givenUp) ? Undo.GIVE_UP : undo;
    }

    /// What will be written to the target.
    public long writeBytes() {
        return (long) todo.cardinality() * Block.BYTES;
    }

    /// What will be written to the store in any case, at most: blocks of the new image's chunks that it does
    /// not use, and what is stashed while it goes on.
    public long spillBytes() {
        return Rescue.bytes(rescue.own())
                + Math.min(writeBytes(), 2L * registry.tools().windowBytes());
    }

    /// What will be written to the store besides, at most, if the old image is kept.
    public long undoBytes() {
        return Rescue.bytes(rescue.undo());
    }

    /// Does it, once. After a failure the target is on its way still, and [Volumes#convert] goes on, or back.
    ///
    /// @param wanted what becomes of the old image; given up once, it stays so
    /// @throws StoreRefused if the store has no room for what is to be kept; nothing has happened then
    /// @throws dev.muster.protocol.MusterException.TargetRefused if the target is full, or fails
    /// @throws dev.muster.protocol.MusterException.Corrupt if a block has rotted; its chunk has to be fetched
    ///     again
    public void run(Undo wanted, Progress progress) throws IOException {
        Undo undo = possible(wanted);
        boolean moves = !from.manifest().id().equals(to.manifest().id());
        if (moves) {
            requireRoom(undo);
            begin(undo);
        }
        if (target.size() < to.length()) {
            target.resize(to.length());
            // There may be nothing else to write.
            target.force();
        }
        progress.phase("convert", writeBytes());
        new Movement(registry, volume, rescue, progress).run(todo);
        if (!claim.isDevice() && target.size() > to.length()) {
            target.resize(to.length());
            target.force();
        }
        if (moves) {
            end(undo);
        }
    }

    @Override
    public void close() throws IOException {
        try (claim) {
            held.close();
        }
    }

    private void requireRoom(Undo undo) throws IOException {
        long kept = undo == Undo.KEEP ? undoBytes() : 0;
        try {
            registry.store().requireRoom(spillBytes() + kept);
        } catch (StoreRefused e) {
            String without = kept > 0 ? " (restore --give-up-previous does without)" : "";
            throw new StoreRefused(
                    "volume " + volume.view().volume().target() + ": expected room for " + (spillBytes() + kept)
                            + " bytes, " + kept + " of them to keep the image that is there" + without + ": "
                            + e.getMessage(),
                    e);
        }
    }

    /// Whatever is not safe while blocks are overwritten is so before the volume says that they will be.
    private void begin(Undo undo) throws IOException {
        registry.spilling().lock();
        try (Lease lease = registry.store().lease()) {
            begin(undo, lease);
        } finally {
            registry.spilling().unlock();
        }
        log("converting", undo);
    }

    /// @param lease holds what is spilled until the volume names it
    private void begin(Undo undo, Lease lease) throws IOException {
        SegmentStore store = registry.store();
        Set<ChunkId> spill = new LinkedHashSet<>(volume.view().volume().spill());
        Spilling spilling = new Spilling(store, registry.tools().codec(), registry.blocks(), lease, spill);
        spilling.spill(rescue.own());
        if (undo == Undo.KEEP) {
            spilling.spill(rescue.undo());
            store.flush();
        } else {
            new Parting(registry, List.of(from), registry.others(volume), Optional.of(to)).run();
        }
        Converting state = new Converting(from.manifest().id(), to.manifest().id(), undo);
        registry.become(volume, volume.view().volume().with(state, List.copyOf(spill)), List.of(from, to));
    }

    private void end(Undo undo) throws IOException {
        Optional<Layout> kept = undo == Undo.KEEP ? Optional.of(from) : Optional.empty();
        Whole state =
                new Whole(to.manifest().id(), kept.map(image -> image.manifest().id()));
        List<Layout> layouts = kept.isPresent() ? List.of(to, from) : List.of(to);
        Set<ChunkId> spill = rescue.spillInUse(volume.view().spill(), kept.isPresent(), registry);
        registry.become(volume, volume.view().volume().with(state, List.copyOf(spill)), layouts);
        registry.dropStash(volume);
        log("converted", undo);
    }

    private void log(String what, Undo undo) {
        LOG.log(
                Level.INFO,
                what + ": target={0} from={1} to={2} bytes={3} undo={4}",
                volume.view().volume().target(),
                from.manifest().id(),
                to.manifest().id(),
                writeBytes(),
                undo);
    }
}
