package dev.muster.chunkstore.pack;

import dev.muster.chunkstore.pack.Sources.SourceRun;
import java.util.ArrayDeque;
import java.util.BitSet;
import java.util.Deque;
import java.util.List;

/// Decides which matches with a parent are so short that they are stored again, so that reading the image stays
/// sequential.
///
/// Whoever reads an image has the new chunk that comes next in hand, and the last 8 chunks of parents; any other chunk
/// is a *jump*. While the last 128 jumps gave under 8 blocks (32 KiB) each on average, a match of under 8 blocks that
/// would be a jump is stored again, beside the new blocks around it. After the fragmentation limit of xet-core.
final class ShortMatches {
    static final int JUMPS = 128;
    static final int MEAN_MIN = 8;
    static final int CHUNKS_IN_HAND = 8;

    private final ParentBlocks parents;
    private final Deque<Integer> inHand = new ArrayDeque<>();
    /// How many blocks were read after each of the last jumps.
    private final long[] gains = new long[JUMPS];
    private int jumps;
    private long sum;

    private ShortMatches(ParentBlocks parents) {
        this.parents = parents;
    }

    /// The runs, by position in the list, that are matches with a parent and are stored again.
    static BitSet storedAgain(List<SourceRun> runs, ParentBlocks parents) {
        ShortMatches rule = new ShortMatches(parents);
        BitSet again = new BitSet();
        for (int i = 0; i < runs.size(); i++) {
            SourceRun run = runs.get(i);
            boolean match = run.source() >= 0 && run.source() < parents.blocks();
            again.set(i, match && rule.isStoredAgain(run));
            if (run.source() != Sources.ZERO && run.source() != Sources.HOLE) {
                rule.read(run.blocks());
            }
        }
        return again;
    }

    private boolean isStoredAgain(SourceRun run) {
        int first = parents.chunkOf(run.source());
        boolean jump = !inHand.contains(first);
        if (jump && run.blocks() < MEAN_MIN && jumps >= JUMPS && sum < (long) MEAN_MIN * JUMPS) {
            return true;
        }
        if (jump) {
            sum -= gains[jumps % JUMPS];
            gains[jumps % JUMPS] = 0;
            jumps++;
        }
        int last = parents.chunkOf((int) (run.source() + run.blocks() - 1));
        for (int chunk = first; chunk <= last; chunk++) {
            inHand.remove(chunk);
            inHand.addLast(chunk);
            if (inHand.size() > CHUNKS_IN_HAND) {
                inHand.removeFirst();
            }
        }
        return false;
    }

    private void read(long blocks) {
        if (jumps > 0) {
            gains[(jumps - 1) % JUMPS] += blocks;
            sum += blocks;
        }
    }
}
