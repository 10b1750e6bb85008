package dev.muster.chunkstore.pack;

import dev.muster.protocol.content.Hash;
import java.util.ArrayList;
import java.util.List;

/// Where every block of an image comes from, as it is found out block by block: zeros, a hole, or a number in
/// the block table, which is a parent's block or one that this image has had first.
final class Sources {
    static final int ZERO = -1;
    static final int HOLE = -2;
    /// New, and not in the table because it is full.
    static final int UNKNOWN = -3;

    private final BlockTable table;
    private final int parentBlocks;
    private final List<SourceRun> runs = new ArrayList<>();
    private long firstBlock;
    private long blocks;
    private int source;
    /// The number that the last block with data had.
    private int last = UNKNOWN;

    /// @param parentBlocks how many blocks of the table are the parents'
    Sources(BlockTable table, int parentBlocks) {
        this.table = table;
        this.parentBlocks = parentBlocks;
    }

    /// Blocks in a row.
    ///
    /// @param source the number of the first one, the others follow; or what they all are
    record SourceRun(long firstBlock, long blocks, int source) {}

    /// The next blocks of the image are zero, or not there.
    void addNothing(long count, int kind) {
        append(count, kind);
    }

    /// The next block of the image has data. Where several equal blocks are known, the one that goes on where
    /// the block before came from is the best.
    ///
    /// @return whether no equal one is known
    boolean add(Hash hash) {
        int found = last >= 0 && table.is(last + 1, hash) ? last + 1 : table.find(hash);
        boolean unknown = found < 0;
        if (unknown) {
            found = table.room() > 0 ? table.add(hash) : UNKNOWN;
        }
        last = found;
        append(1, found);
        return unknown;
    }

    /// Runs that cover the image, in its order.
    List<SourceRun> finish() {
        if (blocks > 0) {
            runs.add(new SourceRun(firstBlock, blocks, source));
            firstBlock += blocks;
            blocks = 0;
        }
        return runs;
    }

    private void append(long count, int next) {
        boolean follows = source < 0 ? next == source : next == source + blocks && next != parentBlocks;
        if (blocks > 0 && !follows) {
            finish();
        }
        if (blocks == 0) {
            source = next;
        }
        blocks += count;
    }
}
