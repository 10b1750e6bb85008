package dev.muster.chunkstore.store;

import dev.muster.protocol.content.ChunkId;
import dev.muster.protocol.content.Hash;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/// The entries of an [IndexShard], 42 bytes each, in memory outside the heap. An entry keeps its slot as long as it is
/// there; free slots are used again first. For one thread at a time.
///
/// ```
///  0 4 x long id | 32 int segment | 36 int block | 40 short blocks
/// ```
/// Of a free entry `blocks` is 0, and `segment` is the next free one.
final class IndexPages {
    /// Small, since the last page of each shard is half empty.
    static final int ENTRIES_PER_PAGE = 512;

    private static final int ENTRY_BYTES = 42;
    private static final int SEGMENT_AT = 32;
    private static final int BLOCK_AT = 36;
    private static final int BLOCKS_AT = 40;
    private static final int PAGE_BYTES = ENTRIES_PER_PAGE * ENTRY_BYTES;
    private static final int NONE = -1;

    /// A buffer, what cleans up after it, and their place in the list.
    private static final int PAGE_OBJECT_BYTES = 200;

    private final List<ByteBuffer> pages = new ArrayList<>();
    private int slots;
    private int firstFree = NONE;

    /// @return its slot
    int add(Hash id, Place place) {
        int slot = firstFree;
        if (slot == NONE) {
            slot = slots++;
            if (slot == pages.size() * ENTRIES_PER_PAGE) {
                pages.add(ByteBuffer.allocateDirect(PAGE_BYTES).order(ByteOrder.nativeOrder()));
            }
        } else {
            firstFree = page(slot).getInt(at(slot) + SEGMENT_AT);
        }
        page(slot)
                .putLong(at(slot), id.a())
                .putLong(at(slot) + 8, id.b())
                .putLong(at(slot) + 16, id.c())
                .putLong(at(slot) + 24, id.d());
        move(slot, place);
        return slot;
    }

    void move(int slot, Place place) {
        int at = at(slot);
        page(slot)
                .putInt(at + SEGMENT_AT, place.segment())
                .putInt(at + BLOCK_AT, place.block())
                .putShort(at + BLOCKS_AT, (short) place.blocks());
    }

    void free(int slot) {
        page(slot).putInt(at(slot) + SEGMENT_AT, firstFree).putShort(at(slot) + BLOCKS_AT, (short) 0);
        firstFree = slot;
    }

    boolean holds(int slot, Hash id) {
        ByteBuffer page = page(slot);
        int at = at(slot);
        return page.getLong(at) == id.a()
                && page.getLong(at + 8) == id.b()
                && page.getLong(at + 16) == id.c()
                && page.getLong(at + 24) == id.d();
    }

    /// The first eight bytes of the id.
    long key(int slot) {
        return page(slot).getLong(at(slot));
    }

    Place place(int slot) {
        return place(page(slot), at(slot));
    }

    boolean isAt(int slot, Place place) {
        return place(slot).equals(place);
    }

    /// More than any slot that is or was used.
    int slots() {
        return slots;
    }

    /// The page that starts at slot `from`.
    Copy copy(int from) {
        int entries = Math.min(ENTRIES_PER_PAGE, slots - from);
        ByteBuffer bytes = ByteBuffer.allocate(entries * ENTRY_BYTES).order(ByteOrder.nativeOrder());
        return new Copy(bytes.put(0, page(from), 0, bytes.capacity()), entries);
    }

    void addSegment(int segment, List<SegmentFormat.Entry> out) {
        for (int slot = 0; slot < slots; slot++) {
            ByteBuffer page = page(slot);
            int at = at(slot);
            if (page.getInt(at + SEGMENT_AT) == segment && page.getShort(at + BLOCKS_AT) != 0) {
                out.add(new SegmentFormat.Entry(id(page, at), place(page, at)));
            }
        }
    }

    long memoryBytes() {
        return (long) pages.size() * (PAGE_BYTES + PAGE_OBJECT_BYTES);
    }

    private ByteBuffer page(int slot) {
        return pages.get(slot / ENTRIES_PER_PAGE);
    }

    private static int at(int slot) {
        return slot % ENTRIES_PER_PAGE * ENTRY_BYTES;
    }

    private static ChunkId id(ByteBuffer page, int at) {
        return new ChunkId(
                new Hash(page.getLong(at), page.getLong(at + 8), page.getLong(at + 16), page.getLong(at + 24)));
    }

    private static Place place(ByteBuffer page, int at) {
        return new Place(page.getInt(at + SEGMENT_AT), page.getInt(at + BLOCK_AT), page.getShort(at + BLOCKS_AT));
    }

    /// A page as it was.
    static final class Copy {
        private final ByteBuffer bytes;
        private final int entries;

        private Copy(ByteBuffer bytes, int entries) {
            this.bytes = bytes;
            this.entries = entries;
        }

        /// The first entry from `slot` on that is in use, or -1.
        int next(int slot) {
            for (int i = slot; i < entries; i++) {
                if (bytes.getShort(i * ENTRY_BYTES + BLOCKS_AT) != 0) {
                    return i;
                }
            }
            return -1;
        }

        ChunkId id(int slot) {
            return IndexPages.id(bytes, slot * ENTRY_BYTES);
        }

        Place place(int slot) {
            return IndexPages.place(bytes, slot * ENTRY_BYTES);
        }
    }
}
