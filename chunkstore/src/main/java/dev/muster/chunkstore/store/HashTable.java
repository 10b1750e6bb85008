package dev.muster.chunkstore.store;

import dev.muster.protocol.content.Hash;

/// Numbers by hash, in little memory: 12 bytes for each of at least one and a half times as many slots as there
/// are hashes. A hash is known by its first 64 bits: two that have these in common are one here, so it is only
/// for questions where that does no harm. For one thread at a time.
final class HashTable {
    private static final int SLOTS_MIN = 16;

    private long[] keys = new long[SLOTS_MIN];

    /// 0 where a slot is free.
    private int[] values = new int[SLOTS_MIN];

    private int size;

    /// @return 0 if there is none
    int get(Hash hash) {
        return values[slot(hash.a())];
    }

    boolean contains(Hash hash) {
        return get(hash) != 0;
    }

    /// @param value not 0
    void put(Hash hash, int value) {
        if (value == 0) {
            throw new IllegalArgumentException("0 stands for nothing");
        }
        put(hash.a(), value);
    }

    void putAll(HashTable other) {
        for (int i = 0; i < other.keys.length; i++) {
            if (other.values[i] != 0) {
                put(other.keys[i], other.values[i]);
            }
        }
    }

    /// How many hashes there are.
    int size() {
        return size;
    }

    private void put(long key, int value) {
        int slot = slot(key);
        if (values[slot] == 0) {
            keys[slot] = key;
            size++;
        }
        values[slot] = value;
        if (size > keys.length / 3 * 2) {
            grow();
        }
    }

    /// Where the key is, or would be. The bits of a SHA-256 are as good as any hash of them.
    private int slot(long key) {
        int slot = (int) key & (keys.length - 1);
        while (values[slot] != 0 && keys[slot] != key) {
            slot = (slot + 1) & (keys.length - 1);
        }
        return slot;
    }

    private void grow() {
        long[] oldKeys = keys;
        int[] oldValues = values;
        keys = new long[oldKeys.length * 2];
        values = new int[oldValues.length * 2];
        for (int i = 0; i < oldKeys.length; i++) {
            if (oldValues[i] != 0) {
                int slot = slot(oldKeys[i]);
                keys[slot] = oldKeys[i];
                values[slot] = oldValues[i];
            }
        }
    }
}
