package dev.muster.agent.swarm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.Test;

final class RarityTest {
    @Test
    void theOrderHoldsUnderAnyChange() {
        for (long seed = 0; seed < 50; seed++) {
            Random random = new Random(seed);
            int chunks = 1 + random.nextInt(60);
            Rarity rarity = new Rarity(chunks, random);
            int[] copies = new int[chunks];
            boolean[] wanted = new boolean[chunks];
            java.util.Arrays.fill(wanted, true);
            for (int step = 0; step < 3000; step++) {
                int chunk = random.nextInt(chunks);
                switch (random.nextInt(5)) {
                    case 0, 1 -> {
                        rarity.gained(chunk);
                        copies[chunk]++;
                    }
                    case 2 -> {
                        if (copies[chunk] > 0) {
                            rarity.lost(chunk);
                            copies[chunk]--;
                        }
                    }
                    case 3 -> {
                        rarity.satisfied(chunk);
                        wanted[chunk] = false;
                    }
                    default -> {
                        rarity.wantedAgain(chunk);
                        wanted[chunk] = true;
                    }
                }
                assertTrue(rarity.isConsistent(), "seed " + seed + " step " + step);
                assertEquals(copies[chunk], rarity.copies(chunk));
                assertEquals(wanted[chunk], rarity.isWanted(chunk));
            }
        }
    }

    @Test
    void theRarestComeFirst() {
        Rarity rarity = new Rarity(3, new Random(1));
        rarity.gained(0);
        rarity.gained(0);
        rarity.gained(2);

        assertEquals(1, rarity.at(0));
        assertEquals(2, rarity.at(1));
        assertEquals(0, rarity.at(2));
    }
}
