package dev.muster.bench.lab;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

final class LeftoversTest {
    @Test
    void onlyWhatALabLeftThatIsGoneIsLeft() {
        long self = ProcessHandle.current().pid();

        assertFalse(Leftovers.isLeft("muster-lab-" + self + "-router"));
        assertFalse(Leftovers.isLeft("lab-router"));
        assertFalse(Leftovers.isLeft("muster-lab-x"));
        assertTrue(Leftovers.isLeft("muster-lab-4194305-router")); // Above every process id there can be.
    }
}
