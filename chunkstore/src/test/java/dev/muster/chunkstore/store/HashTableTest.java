package dev.muster.chunkstore.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.muster.protocol.content.Hash;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

final class HashTableTest {
    @Test
    void itSaysWhatAMapSays() {
        for (int seed = 1; seed <= 20; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            HashTable table = new HashTable();
            Map<Long, Integer> map = new HashMap<>();
            int bound = random.nextInt(1, 4_000);
            for (int i = 0; i < 5_000; i++) {
                // Many that fall into the same slots, and 0, which is as good a hash as any.
                long key = (long) random.nextInt(bound) << (random.nextInt(2) * 20);
                int value = random.nextInt(1, 100);
                table.put(hash(key), value);
                map.put(key, value);
            }
            HashTable copy = new HashTable();
            copy.putAll(table);
            assertEquals(map.size(), table.size(), "seed " + seed);
            for (long key = 0; key < bound; key++) {
                assertEquals(map.getOrDefault(key, 0), table.get(hash(key)), "seed " + seed);
                assertEquals(map.containsKey(key), table.contains(hash(key)), "seed " + seed);
                assertEquals(map.containsKey(key << 20), copy.contains(hash(key << 20)), "seed " + seed);
            }
        }
    }

    @Test
    void nothingIsInAnEmptyOneAndNothingIsNoValue() {
        HashTable table = new HashTable();
        assertFalse(table.contains(hash(0)));
        assertThrows(IllegalArgumentException.class, () -> table.put(hash(0), 0));
        table.put(hash(0), 1);
        assertTrue(table.contains(hash(0)));
    }

    private static Hash hash(long key) {
        return new Hash(key, 1, 2, 3);
    }
}
