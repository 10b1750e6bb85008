package dev.muster.chunkstore.pack;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.muster.chunkstore.pack.Sources.SourceRun;
import dev.muster.protocol.content.ChunkEntry;
import dev.muster.protocol.content.ChunkId;
import dev.muster.protocol.content.Hash;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class ShortMatchesTest {
    private static final int CHUNKS = 4000;
    private static final ParentBlocks PARENTS = new ParentBlocks(LongStream.range(0, CHUNKS)
            .mapToObj(i -> new ChunkEntry(new ChunkId(new Hash(i, 0, 0, 0)), 256, 1))
            .toList());

    private final List<SourceRun> runs = new ArrayList<>();
    private long next;
    private int nextNew = PARENTS.blocks();

    @Test
    void longMatchesAreKept() {
        for (int i = 0; i < 1000; i++) {
            add(8, 256 * i);
        }

        assertEquals(new BitSet(), ShortMatches.storedAgain(runs, PARENTS));
    }

    @Test
    void aFewShortMatchesAreKept() {
        for (int i = 0; i < ShortMatches.JUMPS; i++) {
            add(1, 256 * i);
        }

        assertEquals(new BitSet(), ShortMatches.storedAgain(runs, PARENTS));
    }

    @Test
    void shortMatchesThatPileUpAreStoredAgainUntilReadingIsSequential() {
        int jumps = ShortMatches.JUMPS;
        for (int i = 0; i < 3000; i++) {
            add(1, 256 * i);
        }

        BitSet again = ShortMatches.storedAgain(runs, PARENTS);

        assertEquals(jumps, again.nextSetBit(0));
        // The last of 128 jumps gives 897 blocks, which brings the mean to 8 until 128 more jumps have come.
        assertEquals(jumps + 896, again.nextClearBit(jumps));
        assertEquals(2 * jumps + 896, again.nextSetBit(jumps + 896));
    }

    @Test
    void longMatchesAmongShortOnesAreKept() {
        for (int i = 0; i < 1000; i++) {
            add(i % 10 == 0 ? 8 : 2, 256 * i);
        }

        BitSet again = ShortMatches.storedAgain(runs, PARENTS);

        assertTrue(again.cardinality() > 400);
        assertTrue(again.stream().noneMatch(i -> i % 10 == 0));
    }

    @Test
    void aScatterOfSmallChangesMakesNoJumps() {
        for (int i = 0; i < 100_000; i += 4) {
            add(3, i);
            add(1, nextNew++);
        }

        assertEquals(new BitSet(), ShortMatches.storedAgain(runs, PARENTS));
    }

    @Test
    void whatTheImageRepeatsComesFromChunksInHand() {
        for (int i = 0; i < 5000; i++) {
            add(1, 256 * (i % ShortMatches.CHUNKS_IN_HAND));
        }
        for (int i = 0; i < 1000; i++) {
            add(1, nextNew);
        }

        assertEquals(new BitSet(), ShortMatches.storedAgain(runs, PARENTS));
    }

    @Test
    void newBlocksBetweenJumpsCount() {
        for (int i = 0; i < 2000; i++) {
            add(1, 256 * i);
            add(3, Sources.UNKNOWN);
            add(4, nextNew);
            nextNew += 4;
        }

        assertEquals(new BitSet(), ShortMatches.storedAgain(runs, PARENTS));
    }

    @Test
    void zerosBetweenJumpsDoNotCount() {
        for (int i = 0; i < 2000; i++) {
            add(1, 256 * i);
            add(100, i % 2 == 0 ? Sources.ZERO : Sources.HOLE);
        }

        assertTrue(ShortMatches.storedAgain(runs, PARENTS).cardinality() > 1000);
    }

    private void add(int blocks, int source) {
        runs.add(new SourceRun(next, blocks, source));
        next += blocks;
    }
}
