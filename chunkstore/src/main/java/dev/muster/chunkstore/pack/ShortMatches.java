package dev.muster.chunkstore.pack;

import dev.muster.chunkstore.pack.Sources.SourceRun;
import java.util.BitSet;
import java.util.List;

/// Decides which matches with a parent are so short that they are stored again.
///
/// It walks the data of an image and keeps the mean length of the last 128 *stretches*, runs of blocks that are read
/// from one place. While that is under 8 blocks (32 KiB), a match of under 8 blocks is stored again, which makes it
/// part of the stretch around it. Zeros are read from nowhere and part nothing; a stretch that comes again at once,
/// like a fill pattern, needs no second reading and counts once. After the fragmentation limit of xet-core.
final class ShortMatches {
    static final int WINDOW = 128;
    static final int MEAN_MIN = 8;

    private final int parentBlocks;
    private final long[] lengths = new long[WINDOW];
    private int stretches;
    private long sum;

    private SourceRun before = new SourceRun(0, 0, Sources.UNKNOWN);
    /// Whether what came before is stored anew, so that what comes next can be beside it.
    private boolean storing;
    /// The number that the next new block of the image has.
    private int nextNew;

    private ShortMatches(int parentBlocks) {
        this.parentBlocks = parentBlocks;
        this.nextNew = parentBlocks;
    }

    /// The runs, by position in the list, that are matches with a parent and are stored again.
    static BitSet storedAgain(List<SourceRun> runs, int parentBlocks) {
        ShortMatches rule = new ShortMatches(parentBlocks);
        BitSet again = new BitSet();
        for (int i = 0; i < runs.size(); i++) {
            SourceRun run = runs.get(i);
            if (run.source() != Sources.ZERO && run.source() != Sources.HOLE) {
                again.set(i, rule.isStoredAgain(run));
                rule.before = run;
            }
        }
        return again;
    }

    private boolean isStoredAgain(SourceRun run) {
        boolean match = run.source() >= 0 && run.source() < parentBlocks;
        if (run.source() >= 0 && run.source() == before.source() && run.blocks() == before.blocks()) {
            return match && storing;
        }
        if (!match) {
            boolean isNew = run.source() == Sources.UNKNOWN || run.source() + run.blocks() > nextNew;
            advance(run.blocks(), isNew && storing);
            storing = isNew;
            nextNew = isNew && run.source() >= 0 ? (int) (run.source() + run.blocks()) : nextNew;
            return false;
        }
        boolean again = run.blocks() < MEAN_MIN && stretches >= WINDOW && sum < (long) MEAN_MIN * WINDOW;
        boolean follows = !storing && run.source() == before.source() + before.blocks();
        advance(run.blocks(), again ? storing : follows);
        storing = again;
        return again;
    }

    /// @param goesOn whether the blocks are read from where those before were
    private void advance(long blocks, boolean goesOn) {
        if (!goesOn || stretches == 0) {
            sum -= lengths[stretches % WINDOW];
            lengths[stretches % WINDOW] = 0;
            stretches++;
        }
        lengths[(stretches - 1) % WINDOW] += blocks;
        sum += blocks;
    }
}
