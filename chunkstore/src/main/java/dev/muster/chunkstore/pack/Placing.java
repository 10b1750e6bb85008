package dev.muster.chunkstore.pack;

import dev.muster.chunkstore.pack.Layout.Part;
import dev.muster.chunkstore.pack.Layout.Piece;
import dev.muster.chunkstore.pack.Sources.SourceRun;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;

/// Gives each block that is stored its place, in image order. A block has one place, however often it comes.
final class Placing {
    private final ParentBlocks parents;
    private final BitSet dropped;
    /// By number in the table; -1 for what is not stored.
    private final int[] places;

    private final List<Part> parts = new ArrayList<>();
    private final List<Piece> pieces = new ArrayList<>();
    private int stored;

    /// @param dropped chunks of the parents that are not referred to
    Placing(ParentBlocks parents, BitSet dropped, int tableSize) {
        this.parents = parents;
        this.dropped = dropped;
        this.places = new int[tableSize];
        Arrays.fill(places, -1);
    }

    List<Part> parts() {
        return parts;
    }

    List<Piece> pieces() {
        return pieces;
    }

    int stored() {
        return stored;
    }

    /// The next run of the image.
    void place(SourceRun run, boolean storeAgain) {
        switch (run.source()) {
            case Sources.ZERO -> parts.add(new Part.Nothing(run.firstBlock(), run.blocks(), false));
            case Sources.HOLE -> parts.add(new Part.Nothing(run.firstBlock(), run.blocks(), true));
            default -> {
                int blocks = Math.toIntExact(run.blocks());
                if (storeAgain || run.source() == Sources.UNKNOWN || run.source() >= parents.blocks()) {
                    store(run.firstBlock(), blocks, run.source());
                } else {
                    keep(run.firstBlock(), blocks, run.source());
                }
            }
        }
    }

    private void keep(long firstBlock, int blocks, int source) {
        int done = 0;
        while (done < blocks) {
            int chunk = parents.chunkOf(source + done);
            int inChunk = source + done - parents.start(chunk);
            int count = Math.min(blocks - done, parents.chunk(chunk).blocks() - inChunk);
            if (dropped.get(chunk)) {
                store(firstBlock + done, count, source + done);
            } else {
                parts.add(new Part.Kept(firstBlock + done, count, chunk, inChunk));
            }
            done += count;
        }
    }

    private void store(long firstBlock, int blocks, int source) {
        int done = 0;
        while (done < blocks) {
            int from = done;
            int place = placeOf(firstBlock + done, source < 0 ? source : source + done);
            do {
                done++;
            } while (done < blocks
                    && placeOf(firstBlock + done, source < 0 ? source : source + done) == place + done - from);
            parts.add(new Part.Stored(firstBlock + from, done - from, place));
        }
    }

    /// The place of a block, which gets the next one if it has none.
    private int placeOf(long block, int source) {
        if (source >= 0 && places[source] >= 0) {
            return places[source];
        }
        if (source >= 0) {
            places[source] = stored;
        }
        Piece last = pieces.isEmpty() ? new Piece(-1, 0, 0) : pieces.getLast();
        boolean follows = last.firstBlock() + last.blocks() == block
                && source == (source < 0 ? last.source() : last.source() + last.blocks());
        if (follows) {
            pieces.removeLast();
        }
        pieces.add(
                follows ? new Piece(last.firstBlock(), last.blocks() + 1, last.source()) : new Piece(block, 1, source));
        return stored++;
    }
}
