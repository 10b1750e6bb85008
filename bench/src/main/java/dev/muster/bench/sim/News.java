package dev.muster.bench.sim;

import java.util.Arrays;
import java.util.List;

/// Chunks that peers of a host have new and that it has not looked at, each after the peer's number: an array, since a
/// large fleet says hundreds of millions of these. Not safe for threads.
final class News {
    private int[] all = new int[16];
    private int size;

    void add(int peer, List<Integer> chunks) {
        if (size + 2 * chunks.size() > all.length) {
            all = Arrays.copyOf(all, 2 * (size + 2 * chunks.size()));
        }
        for (int i = 0; i < chunks.size(); i++) {
            all[size++] = peer;
            all[size++] = chunks.get(i);
        }
    }

    /// Who looks at them.
    @FunctionalInterface
    interface Reader {
        void has(int peer, int chunk);
    }

    /// Each once, in the order in which they came.
    void read(Reader reader) {
        for (int i = 0; i < size; i += 2) {
            reader.has(all[i], all[i + 1]);
        }
        size = 0;
    }
}
