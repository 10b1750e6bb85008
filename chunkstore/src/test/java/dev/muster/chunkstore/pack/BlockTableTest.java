package dev.muster.chunkstore.pack;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.muster.protocol.Seeded;
import dev.muster.protocol.content.Hash;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class BlockTableTest {

    @Seeded
    void itFindsWhatAMapFinds(RandomGenerator random) {
        BlockTable table = new BlockTable(1 << 20);
        Map<Hash, Integer> firsts = new HashMap<>();
        List<Hash> all = new ArrayList<>();
        int blocks = random.nextInt(2_000);
        for (int i = 0; i < blocks; i++) {
            // Few different words, so that slots collide and hashes come again.
            Hash hash = new Hash(random.nextInt(3), random.nextInt(40), 0, random.nextInt(50));
            assertEquals(firsts.getOrDefault(hash, -1), table.find(hash));
            assertEquals(i, table.add(hash));
            firsts.putIfAbsent(hash, i);
            all.add(hash);
        }

        assertEquals(blocks, table.size());
        for (int i = 0; i < blocks; i++) {
            assertEquals(all.get(i), table.get(i));
            assertTrue(table.is(i, all.get(i)));
        }
        firsts.forEach((hash, first) -> assertEquals(first, table.find(hash)));
        assertEquals(-1, table.find(new Hash(9, 9, 9, 9)));
        assertFalse(table.is(blocks, new Hash(0, 0, 0, 0)));
        assertFalse(table.is(-1, new Hash(0, 0, 0, 0)));
    }

    @Test
    void itHoldsNoMoreThanItMay() {
        BlockTable table = new BlockTable(2);
        table.add(new Hash(1, 0, 0, 0));
        assertEquals(1, table.room());
        table.add(new Hash(2, 0, 0, 0));
        assertEquals(0, table.room());

        assertThrows(IllegalStateException.class, () -> table.add(new Hash(3, 0, 0, 0)));
    }
}
