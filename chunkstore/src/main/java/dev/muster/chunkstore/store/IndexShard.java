package dev.muster.chunkstore.store;

import dev.muster.protocol.content.ChunkId;
import dev.muster.protocol.content.Hash;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/// One part of a [ChunkIndex]: pages of entries, and a hash table that finds them. For many threads, one at a time.
///
/// The table is open, with linear probing (Knuth, TAOCP 6.4, algorithms L and R). It holds, for each entry, 8 bits of
/// the id and 24 of where the entry is, so that a probe touches an entry only where it is likely to be the right one.
/// An id is a SHA-256: its own bits say where it belongs. The table grows by half when it is four fifths full; that
/// holds up this shard alone.
final class IndexShard {
    private static final int TABLE_MIN = 16;
    private static final int TAG_SHIFT = 24;
    private static final int REFERENCE_MASK = (1 << TAG_SHIFT) - 1;

    private final ReentrantLock lock = new ReentrantLock();
    private final IndexPages pages = new IndexPages();

    /// 0, or the tag and one more than the slot of an entry. On the heap, where one that was outgrown is gone at
    /// the next collection.
    private int[] table = new int[TABLE_MIN];

    private int size;

    Optional<Place> find(ChunkId id) {
        lock.lock();
        try {
            int at = position(id.hash());
            return at < 0 ? Optional.empty() : Optional.of(pages.place(slotAt(at)));
        } finally {
            lock.unlock();
        }
    }

    boolean contains(ChunkId id) {
        lock.lock();
        try {
            return position(id.hash()) >= 0;
        } finally {
            lock.unlock();
        }
    }

    /// The slot of the chunk's entry, or -1.
    int slot(ChunkId id) {
        lock.lock();
        try {
            int at = position(id.hash());
            return at < 0 ? -1 : slotAt(at);
        } finally {
            lock.unlock();
        }
    }

    void put(ChunkId id, Place place) {
        lock.lock();
        try {
            int at = position(id.hash());
            if (at >= 0) {
                pages.move(slotAt(at), place);
            } else {
                add(id.hash(), place, ~at);
            }
        } finally {
            lock.unlock();
        }
    }

    boolean remove(ChunkId id, Place place) {
        return locked(() -> {
            int at = position(id.hash());
            boolean there = at >= 0 && pages.isAt(slotAt(at), place);
            if (there) {
                pages.free(slotAt(at));
                removeFromTable(at);
                size--;
            }
            return there;
        });
    }

    int size() {
        return locked(() -> size);
    }

    /// More than any slot that is or was used.
    int slots() {
        return locked(pages::slots);
    }

    /// The page that starts at slot `from`, as it is now.
    IndexPages.Copy copy(int from) {
        return locked(() -> pages.copy(from));
    }

    void addSegment(int segment, List<SegmentFormat.Entry> out) {
        lock.lock();
        try {
            pages.addSegment(segment, out);
        } finally {
            lock.unlock();
        }
    }

    long memoryBytes() {
        return locked(() -> pages.memoryBytes() + (long) table.length * Integer.BYTES);
    }

    /// Where in the table the entry of that id is, or, if there is none, `~` where it would be.
    private int position(Hash id) {
        int tag = tag(id);
        int at = home(id.a(), table.length);
        while (table[at] != 0) {
            if (table[at] >>> TAG_SHIFT == tag && pages.holds(slotAt(at), id)) {
                return at;
            }
            at = next(at);
        }
        return ~at;
    }

    private void add(Hash id, Place place, int at) {
        int slot = pages.add(id, place);
        if (slot >= REFERENCE_MASK) {
            throw new IllegalStateException("an index holds no more than a billion chunks");
        }
        table[at] = (tag(id) << TAG_SHIFT) | (slot + 1);
        size++;
        if (size > table.length / 5 * 4) {
            grow();
        }
    }

    private void grow() {
        int[] old = table;
        table = new int[old.length + old.length / 2];
        for (int value : old) {
            if (value != 0) {
                int at = home(pages.key((value & REFERENCE_MASK) - 1), table.length);
                while (table[at] != 0) {
                    at = next(at);
                }
                table[at] = value;
            }
        }
    }

    /// Algorithm R: whatever was pushed past the gap moves back into it.
    private void removeFromTable(int removed) {
        int gap = removed;
        int at = next(gap);
        while (table[at] != 0) {
            int home = home(pages.key(slotAt(at)), table.length);
            boolean homeBeyondGap = gap < at ? (gap < home && home <= at) : (gap < home || home <= at);
            if (!homeBeyondGap) {
                table[gap] = table[at];
                gap = at;
            }
            at = next(at);
        }
        table[gap] = 0;
    }

    private int slotAt(int at) {
        return (table[at] & REFERENCE_MASK) - 1;
    }

    private int next(int at) {
        return at + 1 == table.length ? 0 : at + 1;
    }

    /// The 32 bits behind those that chose the shard, scaled to the table's length, which need not be a power of
    /// two (Lemire, 2016).
    private static int home(long key, int length) {
        long bits = (key << ChunkIndex.SHARD_BITS) >>> Integer.SIZE;
        return (int) ((bits * length) >>> Integer.SIZE);
    }

    private static int tag(Hash id) {
        return (int) id.d() & 0xff;
    }

    private <T> T locked(Supplier<T> work) {
        lock.lock();
        try {
            return work.get();
        } finally {
            lock.unlock();
        }
    }
}
