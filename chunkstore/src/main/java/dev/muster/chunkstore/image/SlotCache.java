package dev.muster.chunkstore.image;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/// A cache of a fixed number of slots, of which each key has one. Safe for many threads and without locks: where two
/// miss at once both load, and the last one stays.
final class SlotCache<T> {
    private final AtomicReferenceArray<@Nullable Entry<T>> slots;

    SlotCache(int slots) {
        this.slots = new AtomicReferenceArray<>(slots);
    }

    /// Where values come from.
    interface Loader<T> {
        T load(long key) throws IOException;
    }

    T get(long key, Loader<T> loader) throws IOException {
        int slot = (int) (key % slots.length());
        Entry<T> entry = slots.get(slot);
        if (entry == null || entry.key != key) {
            entry = new Entry<>(key, loader.load(key));
            slots.set(slot, entry);
        }
        return entry.value;
    }

    private record Entry<T>(long key, T value) {}
}
