package dev.muster.chunkstore.pack;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.muster.chunkstore.pack.Reuse.Use;
import dev.muster.protocol.Seeded;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ReuseTest {

    @Test
    void aChunkUsedUnderFortyPercentIsDropped() {
        List<Use> chunks = new ArrayList<>(Collections.nCopies(20, new Use(256, 256)));
        chunks.add(new Use(250, 100));
        chunks.add(new Use(250, 99));
        chunks.add(new Use(250, 0));
        chunks.add(new Use(1, 1));

        assertEquals(bits(21, 22), Reuse.dropped(chunks, 0));
    }

    @Test
    void nothingIsDroppedWhereAllIsUsed() {
        assertEquals(bits(), Reuse.dropped(Collections.nCopies(100, new Use(256, 256)), 7));
        assertEquals(bits(), Reuse.dropped(List.of(), 0));
    }

    @Test
    void theLeastUsedAreDroppedUntilFifteenPercentIsDead() {
        List<Use> chunks = List.of(new Use(100, 90), new Use(100, 60), new Use(100, 80), new Use(100, 60));

        // 110 of 400 are dead; without 1 it is 70 of 360, without 3 as well 30 of 320.
        assertEquals(bits(1, 3), Reuse.dropped(chunks, 0));
    }

    @Test
    void newBlocksCountAsUsed() {
        List<Use> chunks = List.of(new Use(100, 60), new Use(100, 100));

        assertEquals(bits(0), Reuse.dropped(chunks, 66));
        assertEquals(bits(), Reuse.dropped(chunks, 67));
    }

    @Seeded(runs = 200)
    void whatIsLeftKeepsBothRulesAndNoMoreIsDroppedThanNeeded(RandomGenerator random) {
        List<Use> chunks = new ArrayList<>();
        for (int i = random.nextInt(30); i > 0; i--) {
            int blocks = 1 + random.nextInt(256);
            chunks.add(new Use(blocks, random.nextInt(3) == 0 ? blocks : random.nextInt(blocks + 1)));
        }
        int newBlocks = random.nextInt(1000);

        BitSet dropped = Reuse.dropped(chunks, newBlocks);

        long live = newBlocks + chunks.stream().mapToLong(Use::live).sum();
        long dead = IntStream.range(0, chunks.size())
                .filter(i -> !dropped.get(i))
                .mapToLong(i -> chunks.get(i).dead())
                .sum();
        assertTrue(dead * 100 <= (live + dead) * 15, () -> dead + " dead beside " + live);
        for (int i = 0; i < chunks.size(); i++) {
            Use use = chunks.get(i);
            assertTrue(dropped.get(i) || use.live() * 10 >= use.blocks() * 4, use::toString);
            boolean used = use.live() * 10 >= use.blocks() * 4;
            long with = dead + use.dead();
            boolean least = IntStream.range(0, chunks.size())
                    .filter(j -> !dropped.get(j))
                    .allMatch(j -> chunks.get(j).live() * use.blocks()
                            >= use.live() * chunks.get(j).blocks());
            assertTrue(!dropped.get(i) || !used || least, "a chunk was dropped before one that is used less");
            assertTrue(
                    !dropped.get(i) || !used || use.dead() > 0 || with * 100 > (live + with) * 15,
                    "a chunk was dropped that is used whole");
        }
    }

    private static BitSet bits(int... set) {
        BitSet bits = new BitSet();
        IntStream.of(set).forEach(bits::set);
        return bits;
    }
}
