package dev.muster.agent.swarm;

import java.util.Arrays;
import java.util.random.RandomGenerator;

/// The chunks that are wanted, ordered by how many copies of each are known, in constant time per change.
///
/// `order` holds the wanted chunks, those with fewest copies first; `end[c]` is where those with at most
/// `c` copies end. A chunk that gains or loses a copy is swapped with the one at its bucket's edge, and the
/// edge moves over it: the piece picker's structure in libtorrent. Chance decides the first order and so
/// the order of equals; two hosts with different seeds ask for different chunks.
final class Rarity {
    /// More copies than this are all alike.
    static final int COPIES_MAX = 63;

    private final int[] order;
    private final int[] position;
    private final int[] copies;
    private final int[] end = new int[COPIES_MAX + 1];
    private int wanted;

    Rarity(int chunks, RandomGenerator chance) {
        order = new int[chunks];
        position = new int[chunks];
        copies = new int[chunks];
        wanted = chunks;
        for (int i = 0; i < chunks; i++) {
            int other = chance.nextInt(i + 1);
            order[i] = order[other];
            order[other] = i;
        }
        for (int i = 0; i < chunks; i++) {
            position[order[i]] = i;
        }
        Arrays.fill(end, chunks);
    }

    /// How many chunks are wanted.
    int wanted() {
        return wanted;
    }

    /// How many wanted chunks nobody has: those of the first ranks.
    int withoutCopies() {
        return end[0];
    }

    /// The wanted chunk of that rank, the rarest having rank 0.
    int at(int rank) {
        return order[rank];
    }

    boolean isWanted(int chunk) {
        return position[chunk] < wanted;
    }

    /// How many peers have it, as far as is known.
    int copies(int chunk) {
        return copies[chunk];
    }

    void gained(int chunk) {
        int bucket = Math.min(copies[chunk]++, COPIES_MAX);
        if (isWanted(chunk) && bucket < COPIES_MAX) {
            swap(position[chunk], --end[bucket]);
        }
    }

    void lost(int chunk) {
        int bucket = Math.min(--copies[chunk], COPIES_MAX);
        if (isWanted(chunk) && bucket < COPIES_MAX) {
            swap(position[chunk], end[bucket]++);
        }
    }

    /// The chunk is wanted no longer; its copies are still counted.
    void satisfied(int chunk) {
        if (!isWanted(chunk)) {
            return;
        }
        int at = position[chunk];
        for (int bucket = Math.min(copies[chunk], COPIES_MAX); bucket <= COPIES_MAX; bucket++) {
            swap(at, --end[bucket]);
            at = end[bucket];
        }
        wanted--;
    }

    /// The chunk is wanted after all, or again.
    void wantedAgain(int chunk) {
        if (isWanted(chunk)) {
            return;
        }
        int at = wanted++;
        swap(position[chunk], at);
        end[COPIES_MAX]++;
        for (int bucket = COPIES_MAX; bucket > Math.min(copies[chunk], COPIES_MAX); bucket--) {
            int first = end[bucket - 1]++;
            swap(at, first);
            at = first;
        }
    }

    /// Whether the structure is what it says; for tests and the simulator.
    boolean isConsistent() {
        for (int rank = 0; rank < order.length; rank++) {
            if (position[order[rank]] != rank) {
                return false;
            }
            int bucket = Math.min(copies[order[rank]], COPIES_MAX);
            boolean inBucket = rank < end[bucket] && (bucket == 0 || rank >= end[bucket - 1]);
            if (rank < wanted && !inBucket) {
                return false;
            }
        }
        return end[COPIES_MAX] == wanted;
    }

    private void swap(int a, int b) {
        int chunk = order[a];
        order[a] = order[b];
        order[b] = chunk;
        position[order[a]] = a;
        position[order[b]] = b;
    }
}
