package dev.muster.chunkstore.pack;

import dev.muster.protocol.content.Hash;
import java.util.ArrayList;
import java.util.List;

/// Block hashes by number, and the number of a hash. Open addressing over primitive arrays: 40 to 48 bytes a
/// block, and while it grows 8 more.
///
/// It holds a set number of blocks at most. A block that is not in it is packed though an equal one may be
/// known: that costs bytes and is never wrong.
final class BlockTable {
    /// 2^26 blocks, 256 GiB of distinct content, take 2.5 GiB.
    private static final int BLOCKS_MAX = 1 << 26;
    /// At the worst, while it grows.
    private static final int BYTES_PER_BLOCK = 56;

    private static final int PAGE_BITS = 12;
    private static final int PAGE = 1 << PAGE_BITS;

    private final int max;
    private final List<long[]> pages = new ArrayList<>();
    /// A number and 1, or 0 where there is none. At most half are taken.
    private int[] slots = new int[1024];

    private int size;

    BlockTable(int max) {
        this.max = max;
    }

    /// How many blocks a table may hold so that it takes no more than half of the heap.
    static int blocksInHalfTheHeap() {
        return (int) Math.min(BLOCKS_MAX, Runtime.getRuntime().maxMemory() / 2 / BYTES_PER_BLOCK);
    }

    int size() {
        return size;
    }

    /// How many more blocks can be added.
    int room() {
        return max - size;
    }

    /// Gives a block the next number. If the table has an equal one already, that one goes on being found.
    int add(Hash hash) {
        if (size == max) {
            throw new IllegalStateException("the table is full");
        }
        if (size % PAGE == 0) {
            pages.add(new long[4 * PAGE]);
        }
        long[] page = pages.getLast();
        int at = size % PAGE * 4;
        page[at] = hash.a();
        page[at + 1] = hash.b();
        page[at + 2] = hash.c();
        page[at + 3] = hash.d();
        size++;
        if (size > slots.length / 2) {
            slots = new int[2 * slots.length];
            for (int number = 0; number < size; number++) {
                index(number, get(number));
            }
        } else {
            index(size - 1, hash);
        }
        return size - 1;
    }

    /// The first number that this hash was given, or -1.
    int find(Hash hash) {
        return slots[slot(hash)] - 1;
    }

    Hash get(int number) {
        long[] page = pages.get(number >> PAGE_BITS);
        int at = number % PAGE * 4;
        return new Hash(page[at], page[at + 1], page[at + 2], page[at + 3]);
    }

    /// Whether there is a block of that number and it has that hash.
    boolean is(int number, Hash hash) {
        if (number < 0 || number >= size) {
            return false;
        }
        long[] page = pages.get(number >> PAGE_BITS);
        int at = number % PAGE * 4;
        return page[at] == hash.a() && page[at + 1] == hash.b() && page[at + 2] == hash.c() && page[at + 3] == hash.d();
    }

    private void index(int number, Hash hash) {
        int slot = slot(hash);
        if (slots[slot] == 0) {
            slots[slot] = number + 1;
        }
    }

    /// Where the hash is, or the free slot where it would be. A SHA-256 needs no hashing to be spread.
    private int slot(Hash hash) {
        int slot = (int) hash.d() & slots.length - 1;
        while (slots[slot] != 0 && !is(slots[slot] - 1, hash)) {
            slot = slot + 1 & slots.length - 1;
        }
        return slot;
    }
}
