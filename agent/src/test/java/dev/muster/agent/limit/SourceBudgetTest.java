package dev.muster.agent.limit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.muster.protocol.Seeded;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

final class SourceBudgetTest {
    private static final long IMAGE = 64L << 20;

    @Seeded
    void noMoreThanTheBudgetIsEverGrantedToSixtyFourHostsAtOnce(RandomGenerator random) {
        SourceBudget budget = new SourceBudget(IMAGE);
        double copies = 1 + random.nextDouble();
        long granted = 0;
        long shared = 0;
        for (int ask = 0; ask < 64 * 64; ask++) {
            long bytes = random.nextLong(1, 1 << 20);
            boolean sole = random.nextInt(10) == 0;
            if (budget.grant(bytes, sole, copies)) {
                granted += bytes;
                shared = sole ? shared : granted;
            }
        }

        assertTrue(granted <= IMAGE * copies, granted + " bytes of " + IMAGE * copies);
        assertTrue(granted > IMAGE * copies * 0.95, granted + " bytes of " + IMAGE * copies);
        assertTrue(shared <= IMAGE * copies * 0.95 + 1, "the last twentieth is for chunks that nobody else has");
        assertEquals(granted, budget.spent());
        assertTrue(budget.isUsedUp());
    }

    @Test
    void aRaisedBudgetIsNotUsedUp() {
        SourceBudget budget = new SourceBudget(IMAGE);
        assertTrue(budget.grant(IMAGE * 9 / 10, false, 1));
        assertFalse(budget.grant(IMAGE / 10, false, 1));
        assertTrue(budget.isUsedUp());

        assertTrue(budget.grant(IMAGE / 10, false, 2));
        assertFalse(budget.isUsedUp());
    }

    @Test
    void withoutABudgetEverythingIsGranted() {
        SourceBudget budget = new SourceBudget(IMAGE);

        for (int i = 0; i < 100; i++) {
            assertTrue(budget.grant(IMAGE, false, 0));
        }
        assertFalse(budget.isUsedUp());
    }
}
