package dev.muster.chunkstore.store;

import dev.muster.protocol.content.ChunkId;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/// Which chunks are here and where: exact, and for many threads.
final class ChunkIndex {
    private final Map<ChunkId, Place> places = new ConcurrentHashMap<>();

    Optional<Place> find(ChunkId id) {
        return Optional.ofNullable(places.get(id));
    }

    boolean contains(ChunkId id) {
        return places.containsKey(id);
    }

    void put(ChunkId id, Place place) {
        places.put(id, place);
    }

    /// Forgets the chunk, unless it has another place by now.
    void remove(ChunkId id, Place place) {
        places.remove(id, place);
    }

    int size() {
        return places.size();
    }

    /// Every chunk that is there from beginning to end; one that comes or goes meanwhile may be missed.
    Iterable<Map.Entry<ChunkId, Place>> entries() {
        return places.entrySet();
    }
}
