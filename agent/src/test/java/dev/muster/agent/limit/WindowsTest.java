package dev.muster.agent.limit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.LocalDateTime;
import org.junit.jupiter.api.Test;

final class WindowsTest {
    /// A Friday.
    private static final LocalDateTime FRIDAY = LocalDateTime.of(2026, 11, 20, 0, 0);

    private final Windows windows = Windows.parse("mon-fri 08:00-18:00 8Mbit, 22:00-02:00 16Mbit, fri 12:00-24:00 4Mbit");

    @Test
    void outsideOfAllWindowsTheLimitIsWhatItWas() {
        assertEquals(0, windows.limit(0, FRIDAY.plusHours(7)));
        assertEquals(77, windows.limit(77, FRIDAY.plusHours(7)));
    }

    @Test
    void theLowestOfAllThatOverlapCounts() {
        assertEquals(1_000_000, windows.limit(0, FRIDAY.plusHours(8)));
        assertEquals(500_000, windows.limit(0, FRIDAY.plusHours(12)));
        assertEquals(500_000, windows.limit(0, FRIDAY.plusHours(23)));
        assertEquals(77, windows.limit(77, FRIDAY.plusHours(12)));
    }

    @Test
    void aWindowGoesOnAfterMidnight() {
        assertEquals(2_000_000, windows.limit(0, FRIDAY.plusHours(24 + 1)));
        assertEquals(0, windows.limit(0, FRIDAY.plusHours(24 + 2)));
        assertEquals(0, windows.limit(0, FRIDAY.plusHours(24 + 9)));
    }

    @Test
    void anythingElseIsRefused() {
        for (String text : new String[] {
            "08:00-18:00", "08:00 5Mbit", "8-18 5Mbit", "someday 08:00-18:00 5Mbit", "08:00-18:00 unlimited",
            "mon-tue-wed 08:00-18:00 5Mbit", "08:00-18:00 5Mbit,"
        }) {
            assertThrows(IllegalArgumentException.class, () -> Windows.parse(text), text);
        }
    }
}
