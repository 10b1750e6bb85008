package dev.muster.chunkstore.pack;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.muster.chunkstore.pack.Sources.SourceRun;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.junit.jupiter.api.Test;

class ShortMatchesTest {
    private static final int PARENT_BLOCKS = 1_000_000;

    private final List<SourceRun> runs = new ArrayList<>();
    private long next;
    private int nextNew = PARENT_BLOCKS;

    @Test
    void longMatchesAreKept() {
        for (int i = 0; i < 1000; i++) {
            add(8, 100 * i);
        }

        assertEquals(new BitSet(), ShortMatches.storedAgain(runs, PARENT_BLOCKS));
    }

    @Test
    void aFewShortMatchesAreKept() {
        for (int i = 0; i < ShortMatches.WINDOW; i++) {
            add(1, 100 * i);
        }

        assertEquals(new BitSet(), ShortMatches.storedAgain(runs, PARENT_BLOCKS));
    }

    @Test
    void shortMatchesThatPileUpAreStoredAgainUntilReadingIsSequential() {
        for (int i = 0; i < 2000; i++) {
            add(1, 100 * i);
        }

        BitSet again = ShortMatches.storedAgain(runs, PARENT_BLOCKS);

        assertEquals(ShortMatches.WINDOW, again.nextSetBit(0));
        // One stretch of 897 brings the mean of 128, the others 1 long, to 8; it counts until 128 more have come.
        assertEquals(ShortMatches.WINDOW + 897, again.nextClearBit(ShortMatches.WINDOW));
        assertEquals(2 * ShortMatches.WINDOW + 897, again.nextSetBit(ShortMatches.WINDOW + 897));
    }

    @Test
    void longMatchesAmongShortOnesAreKept() {
        for (int i = 0; i < 1000; i++) {
            add(i % 10 == 0 ? 8 : 2, 100 * i);
        }

        BitSet again = ShortMatches.storedAgain(runs, PARENT_BLOCKS);

        assertTrue(again.cardinality() > 400);
        assertTrue(again.stream().noneMatch(i -> i % 10 == 0));
    }

    @Test
    void newBlocksGoOnFromNewBlocksAcrossZeros() {
        for (int i = 0; i < 1000; i++) {
            add(1, nextNew++);
            add(1, Sources.ZERO);
            add(1, Sources.UNKNOWN);
            add(1, Sources.HOLE);
        }
        add(2, 500);

        assertEquals(new BitSet(), ShortMatches.storedAgain(runs, PARENT_BLOCKS), "one stretch of 2,000 blocks");
    }

    @Test
    void matchesThatGoOnAcrossZerosAreOneStretch() {
        for (int i = 0; i < 1000; i++) {
            add(1, i);
            add(5, Sources.ZERO);
        }

        assertEquals(new BitSet(), ShortMatches.storedAgain(runs, PARENT_BLOCKS));
    }

    @Test
    void aPatternThatRepeatsIsNotStoredOverAndOver() {
        for (int i = 0; i < 1000; i++) {
            add(1, 7);
        }

        assertEquals(new BitSet(), ShortMatches.storedAgain(runs, PARENT_BLOCKS));
    }

    @Test
    void whatTheImageRepeatsOfItselfIsNeverStoredAgain() {
        add(5000, nextNew);
        nextNew += 5000;
        for (int i = 0; i < 1000; i++) {
            add(1, PARENT_BLOCKS + i * 3 % 5000);
        }

        assertEquals(new BitSet(), ShortMatches.storedAgain(runs, PARENT_BLOCKS));
    }

    private void add(int blocks, int source) {
        runs.add(new SourceRun(next, blocks, source));
        next += blocks;
    }
}
