package dev.muster.chunkstore.store;

import dev.muster.protocol.content.ChunkId;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Queue;

/// Which chunks are here and where: exact, for many threads, and at most 50 MiB for a million of them. Public for the
/// benchmark alone.
///
/// It is cut into shards by the first bits of the id, each with a lock of its own; no object is kept for a chunk.
public final class ChunkIndex {
    static final int SHARD_BITS = 6;
    private static final int SHARDS = 1 << SHARD_BITS;

    private final List<IndexShard> shards = new ArrayList<>(SHARDS);

    public ChunkIndex() {
        for (int i = 0; i < SHARDS; i++) {
            shards.add(new IndexShard());
        }
    }

    /// Takes chunks one by one.
    @FunctionalInterface
    public interface Visitor<E extends Exception> {
        void chunk(ChunkId id, Place place) throws E;
    }

    public Optional<Place> find(ChunkId id) {
        return shard(id).find(id);
    }

    public boolean contains(ChunkId id) {
        return shard(id).contains(id);
    }

    /// The chunk lies there, whatever was known of it before.
    public void put(ChunkId id, Place place) {
        shard(id).put(id, place);
    }

    /// Forgets the chunk, unless it has another place by now.
    ///
    /// @return whether it had that place
    public boolean remove(ChunkId id, Place place) {
        return shard(id).remove(id, place);
    }

    public int size() {
        return shards.stream().mapToInt(IndexShard::size).sum();
    }

    /// Visits every chunk that is there from beginning to end; one that comes or goes meanwhile may be missed. No lock
    /// is held while a chunk is visited.
    public <E extends Exception> void forEach(Visitor<E> visitor) throws E {
        for (int shard = 0; shard < SHARDS; shard++) {
            for (int from = 0; from < shards.get(shard).slots(); from += IndexPages.ENTRIES_PER_PAGE) {
                IndexPages.Copy page = shards.get(shard).copy(from);
                for (int slot = page.next(0); slot >= 0; slot = page.next(slot + 1)) {
                    visitor.chunk(page.id(slot), page.place(slot));
                }
            }
        }
    }

    /// Every chunk that is there from beginning to end; one that comes or goes meanwhile may be missed.
    public Iterable<Map.Entry<ChunkId, Place>> entries() {
        return Entries::new;
    }

    /// What lies in one segment, in no order.
    List<SegmentFormat.Entry> inSegment(int segment) {
        List<SegmentFormat.Entry> found = new ArrayList<>();
        shards.forEach(shard -> shard.addSegment(segment, found));
        return found;
    }

    /// What the index takes, on the heap and outside of it, but for a constant.
    long memoryBytes() {
        return shards.stream().mapToLong(IndexShard::memoryBytes).sum();
    }

    private static int shardOf(ChunkId id) {
        return (int) (id.hash().a() >>> (Long.SIZE - SHARD_BITS));
    }

    private IndexShard shard(ChunkId id) {
        return shards.get(shardOf(id));
    }

    /// Goes through the index a page at a time.
    private final class Entries implements Iterator<Map.Entry<ChunkId, Place>> {
        private final Queue<Map.Entry<ChunkId, Place>> ready = new ArrayDeque<>();
        private int shard;
        private int from;

        @Override
        public boolean hasNext() {
            while (ready.isEmpty() && shard < SHARDS) {
                if (from < shards.get(shard).slots()) {
                    IndexPages.Copy page = shards.get(shard).copy(from);
                    for (int slot = page.next(0); slot >= 0; slot = page.next(slot + 1)) {
                        ready.add(Map.entry(page.id(slot), page.place(slot)));
                    }
                    from += IndexPages.ENTRIES_PER_PAGE;
                } else {
                    shard++;
                    from = 0;
                }
            }
            return !ready.isEmpty();
        }

        @Override
        public Map.Entry<ChunkId, Place> next() {
            if (!hasNext()) {
                throw new NoSuchElementException("the index has no more chunks");
            }
            return ready.remove();
        }
    }
}
