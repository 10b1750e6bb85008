package dev.muster.bench.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

final class CpuTimeTest {
    @Test
    void waitingForADiskIsIdleAndGuestsAreNotCountedTwice() {
        CpuTime before = CpuTime.parse("cpu  100 0 50 800 50 0 0 0 70 0");
        CpuTime after = CpuTime.parse("cpu  160 10 70 820 60 5 5 0 90 0");

        assertEquals(new CpuTime(100, 30), after.since(before));
        assertEquals(1.0, after.since(before).busySeconds());
        assertEquals(100 / 130.0, after.since(before).share());
    }

    @Test
    void anotherLineIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> CpuTime.parse("cpu0 1 2 3 4 5 6 7 8"));
        assertThrows(IllegalArgumentException.class, () -> CpuTime.parse("cpu  1 2 3"));
    }
}
