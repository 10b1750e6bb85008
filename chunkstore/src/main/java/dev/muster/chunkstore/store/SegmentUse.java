package dev.muster.chunkstore.store;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/// How much of the segments is in use. For many threads; the changes of one segment come one at a time.
final class SegmentUse {
    private final Map<Integer, Long> live = new ConcurrentHashMap<>();
    private final AtomicLong liveBytes = new AtomicLong();
    private final AtomicLong condemnedBytes = new AtomicLong();

    /// A chunk has that place.
    void lives(Place place) {
        live.merge(place.segment(), (long) place.bytes(), Long::sum);
        liveBytes.addAndGet(place.bytes());
    }

    /// It has it no longer.
    void dies(Place place) {
        live.merge(place.segment(), (long) -place.bytes(), Long::sum);
        liveBytes.addAndGet(-place.bytes());
    }

    /// The room of a place is to be given back.
    void condemned(Place place) {
        condemnedBytes.addAndGet(place.bytes());
    }

    /// It was.
    void punched(Place place) {
        condemnedBytes.addAndGet(-place.bytes());
    }

    /// Nothing is said about a segment any more.
    void forget(int segment) {
        live.remove(segment);
    }

    /// How many bytes of records that count a segment has.
    long live(int segment) {
        return live.getOrDefault(segment, 0L);
    }

    /// In all segments.
    long liveBytes() {
        return liveBytes.get();
    }

    /// What records take on the disk.
    long usedBytes() {
        return liveBytes.get() + condemnedBytes.get();
    }
}
