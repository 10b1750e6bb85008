package dev.muster.chunkstore.pack;

import dev.muster.chunkstore.pack.Sources.SourceRun;
import java.util.BitSet;
import java.util.List;

/// What becomes of every block of an image, decided from hashes alone: first which matches are too short to keep, then
/// which chunks of the parents are too little used, and then a place among the stored blocks for all that is left.
///
/// @param parts the image, in order
/// @param pieces the blocks that are stored, in the order of their places
/// @param stored how many they are
/// @param chunkBlocks how many of them go into one chunk
record Layout(List<Part> parts, List<Piece> pieces, int stored, int chunkBlocks) {
    /// 1 MiB.
    static final int CHUNK_BLOCKS = 256;
    /// 256 KiB, so that a swarm has enough chunks of a small image to exchange.
    static final int SMALL_CHUNK_BLOCKS = 64;
    /// 64 MiB.
    static final int SMALL_BLOCKS = 16_384;

    /// Blocks of the image in a row that are treated alike.
    sealed interface Part {
        /// Zeros, or a hole.
        record Nothing(long firstBlock, long blocks, boolean hole) implements Part {}

        /// Blocks of a parent's chunk.
        ///
        /// @param chunk as numbered by [ParentBlocks]
        record Kept(long firstBlock, int blocks, int chunk, int blockInChunk) implements Part {}

        /// Blocks that are stored.
        ///
        /// @param place of the first one; the others follow
        record Stored(long firstBlock, int blocks, int place) implements Part {}
    }

    /// Blocks of the image in a row that are stored one after the other.
    ///
    /// @param source what their hashes must be, see [SourceRun]
    record Piece(long firstBlock, int blocks, int source) {
        Piece first(int count) {
            return new Piece(firstBlock, count, source);
        }

        Piece after(int count) {
            return new Piece(firstBlock + count, blocks - count, source < 0 ? source : source + count);
        }
    }

    /// @param tableSize how many blocks have a number
    static Layout decide(List<SourceRun> runs, ParentBlocks parents, int tableSize) {
        BitSet storedAgain = ShortMatches.storedAgain(runs, parents);
        BitSet live = new BitSet(parents.blocks());
        long stored = (long) tableSize - parents.blocks();
        long data = 0;
        for (int i = 0; i < runs.size(); i++) {
            SourceRun run = runs.get(i);
            boolean match = run.source() >= 0 && run.source() < parents.blocks();
            if (match && !storedAgain.get(i)) {
                live.set(run.source(), (int) (run.source() + run.blocks()));
            }
            stored += storedAgain.get(i) || run.source() == Sources.UNKNOWN ? run.blocks() : 0;
            data += run.source() >= 0 || run.source() == Sources.UNKNOWN ? run.blocks() : 0;
        }
        BitSet dropped = Reuse.dropped(parents.uses(live), stored);
        Placing placing = new Placing(parents, dropped, tableSize);
        for (int i = 0; i < runs.size(); i++) {
            placing.place(runs.get(i), storedAgain.get(i));
        }
        return new Layout(placing.parts(), placing.pieces(), placing.stored(), chunkBlocks(placing.stored(), data));
    }

    /// @param stored how many blocks are stored
    /// @param data how many blocks of the image are not zero
    static int chunkBlocks(long stored, long data) {
        return stored < SMALL_BLOCKS && 2 * stored > data ? SMALL_CHUNK_BLOCKS : CHUNK_BLOCKS;
    }
}
