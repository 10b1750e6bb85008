package dev.muster.chunkstore.pack;

import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/// Decides which chunks of the parents an image had better not refer to, because a host without any of it would fetch
/// too many blocks that it does not need.
final class Reuse {
    /// Of a chunk that is referred to, so much must be used.
    static final int LIVE_PERCENT_MIN = 40;
    /// Of all blocks in all chunks that are referred to, so much may be unused.
    static final int DEAD_PERCENT_MAX = 15;

    private Reuse() {}

    /// A chunk of a parent.
    ///
    /// @param blocks how many it has
    /// @param live how many of them the image uses
    record Use(int blocks, int live) {
        int dead() {
            return blocks - live;
        }
    }

    /// The chunks whose live blocks are stored again: every one with too little use, and then those with the least,
    /// until there is little enough dead in total.
    ///
    /// @param newBlocks how many blocks the image stores anyway
    static BitSet dropped(List<Use> chunks, long newBlocks) {
        BitSet dropped = new BitSet();
        long dead = 0;
        long total = newBlocks;
        for (int i = 0; i < chunks.size(); i++) {
            Use use = chunks.get(i);
            boolean worth = use.live * 100L >= use.blocks * (long) LIVE_PERCENT_MIN;
            dropped.set(i, !worth);
            dead += worth ? use.dead() : 0;
            total += worth ? use.blocks : use.live;
        }
        int[] worst = IntStream.range(0, chunks.size())
                .filter(i -> !dropped.get(i))
                .boxed()
                .sorted(Comparator.<Integer>comparingDouble(i -> (double) chunks.get(i).live / chunks.get(i).blocks)
                        .thenComparing(Comparator.naturalOrder()))
                .mapToInt(Integer::intValue)
                .toArray();
        for (int i = 0; i < worst.length && dead * 100 > total * DEAD_PERCENT_MAX; i++) {
            dropped.set(worst[i]);
            dead -= chunks.get(worst[i]).dead();
            total -= chunks.get(worst[i]).dead();
        }
        return dropped;
    }
}
