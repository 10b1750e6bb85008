package dev.muster.chunkstore.volume;

import dev.muster.protocol.content.Block;
import dev.muster.protocol.content.ChunkEntry;
import dev.muster.protocol.content.ChunkHeader;
import dev.muster.protocol.content.ChunkId;
import dev.muster.protocol.content.Hash;
import java.io.IOException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Which blocks a conversion would lose, of chunks whose blocks do not lie in the store, and what to do about
/// each.
///
/// A block of such a chunk is safe if it lies where the target has it for good, or is spilled. It is *moved*
/// if the new image has it somewhere else: it is safe once it is there. All others have to be spilled, some
/// for the chunks of the new image, which may have blocks that the image does not use, and the rest for the
/// old image.
final class Rescue {
    private final Layout from;
    private final Layout to;
    private final BitSet rightFrom;
    private final BitSet rightTo;
    private final OpenVolume.View view;
    private final BitSet kept;
    private final BitSet moved = new BitSet();
    private final Map<ChunkId, BitSet> own = new LinkedHashMap<>();
    private final Map<ChunkId, BitSet> undo = new LinkedHashMap<>();
    private final Map<Integer, BitSet> carried = new LinkedHashMap<>();
    private final Set<ChunkId> lost = new LinkedHashSet<>();

    private Rescue(Layout from, Layout to, BitSet rightFrom, BitSet rightTo, OpenVolume.View view) {
        this.from = from;
        this.to = to;
        this.rightFrom = rightFrom;
        this.rightTo = rightTo;
        this.view = view;
        this.kept = (BitSet) rightFrom.clone();
        kept.and(rightTo);
        if (from.length() != to.length()) {
            // The block in which one of them ends is not the same to the other.
            List.of(from, to).stream()
                    .filter(image -> image.isPartial(image.blocks() - 1L))
                    .forEach(image -> kept.clear(image.blocks() - 1));
        }
    }

    /// @param rightFrom which blocks of the target are those of the old image
    /// @param rightTo which blocks of the target are those of the new image
    static Rescue of(Layout from, Layout to, BitSet rightFrom, BitSet rightTo, OpenVolume.View view, Registry registry)
            throws IOException {
        Rescue rescue = new Rescue(from, to, rightFrom, rightTo, view);
        for (int chunk = 0; chunk < from.manifest().chunks().size(); chunk++) {
            ChunkId id = from.id(chunk);
            Optional<ChunkHeader> header = registry.elsewhere(id);
            if (header.isPresent()) {
                rescue.add(id, header.get(), chunk, to.chunk(id));
            }
        }
        for (int chunk = 0; chunk < to.manifest().chunks().size(); chunk++) {
            ChunkId id = to.id(chunk);
            Optional<ChunkHeader> header = from.chunk(id) < 0 ? registry.elsewhere(id) : Optional.empty();
            if (header.isPresent()) {
                rescue.add(id, header.get(), -1, chunk);
            }
        }
        return rescue;
    }

    /// Of a target that has one image and is to keep it.
    static Rescue settled(Layout image, OpenVolume.View view) {
        BitSet right = new BitSet();
        right.set(0, image.blocks());
        right.set(image.blocks() - 1, !image.isPartial(image.blocks() - 1L));
        return new Rescue(image, image, right, right, view);
    }

    Layout from() {
        return from;
    }

    Layout to() {
        return to;
    }

    /// Blocks of the target that are those of the new image.
    BitSet right() {
        return rightTo;
    }

    /// These blocks of the new image are on the target, durably. Of the last one, a part may be.
    void written(BitSet blocks) {
        boolean before = rightTo.get(to.blocks() - 1);
        rightTo.or(blocks);
        if (to.isPartial(to.blocks() - 1L)) {
            rightTo.set(to.blocks() - 1, before);
        }
    }

    /// Whether the new image's block of its chunk is on the target.
    boolean isThere(int chunk, int block) {
        return to.lies(chunk, block, at -> rightTo.get((int) at));
    }

    /// Blocks of the old image that must not be overwritten before the new image has them elsewhere.
    BitSet moved() {
        return moved;
    }

    /// Blocks to spill for chunks of the new image.
    Map<ChunkId, BitSet> own() {
        return own;
    }

    /// Blocks to spill for chunks that only the old image has.
    Map<ChunkId, BitSet> undo() {
        return undo;
    }

    /// Blocks of chunks of the new image that only the stash has, until the image has them.
    Map<Integer, BitSet> carried() {
        return carried;
    }

    /// Chunks of which a block is nowhere on this volume.
    Set<ChunkId> lost() {
        return lost;
    }

    /// The spilled chunks that are still needed once the new image is there.
    ///
    /// @param undo whether the old image is to stay whole
    Set<ChunkId> spillInUse(SpillMap spill, boolean undo, Registry registry) throws IOException {
        Set<ChunkId> used = new LinkedHashSet<>();
        for (Layout image : undo ? List.of(to, from) : List.of(to)) {
            for (ChunkEntry chunk : image.manifest().chunks()) {
                Optional<ChunkHeader> header = registry.elsewhere(chunk.id());
                int inTo = to.chunk(chunk.id());
                int inFrom = from.chunk(chunk.id());
                for (int block = 0; header.isPresent() && block < header.get().blocks(); block++) {
                    if (!lies(inFrom, inTo, block)) {
                        spill.find(header.get().block(block)).ifPresent(at -> used.add(at.id()));
                    }
                }
            }
        }
        return used;
    }

    static long bytes(Map<ChunkId, BitSet> blocks) {
        return blocks.values().stream().mapToLong(BitSet::cardinality).sum() * Block.BYTES;
    }

    private void add(ChunkId id, ChunkHeader header, int inFrom, int inTo) {
        for (int block = 0; block < header.blocks(); block++) {
            if (!isSafe(header.block(block), inFrom, inTo, block)) {
                add(id, header.block(block), inFrom, inTo, block);
            }
        }
    }

    private boolean isSafe(Hash hash, int inFrom, int inTo, int block) {
        return lies(inFrom, inTo, block) || view.spill().contains(hash);
    }

    private boolean lies(int inFrom, int inTo, int block) {
        return (inTo >= 0 && isThere(inTo, block))
                || (inFrom >= 0 && from.lies(inFrom, block, at -> kept.get((int) at)));
    }

    private void add(ChunkId id, Hash hash, int inFrom, int inTo, int block) {
        // What lies in the last part of a block need not be all of it.
        boolean moves = inTo >= 0 && to.lies(inTo, block, at -> !to.isPartial(at));
        List<Integer> places = new ArrayList<>();
        if (inFrom >= 0) {
            boolean _ = from.lies(inFrom, block, at -> rightFrom.get((int) at) && !places.add((int) at));
        }
        boolean stashed =
                view.stash().isPresent() && view.stash().get().hashes().contains(hash);
        if (places.isEmpty() && !stashed) {
            lost.add(id);
        } else if (!moves) {
            (inTo >= 0 ? own : undo).computeIfAbsent(id, _ -> new BitSet()).set(block);
        } else if (places.isEmpty()) {
            carried.computeIfAbsent(inTo, _ -> new BitSet()).set(block);
        } else {
            places.forEach(moved::set);
        }
    }
}
