package dev.muster.protocol.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class StrangersTest {
    private final Strangers strangers = new Strangers(10, 4);

    @Test
    void oneAddressCannotTakeAllThePlaces() {
        for (int i = 0; i < 4; i++) {
            assertTrue(strangers.came("a"));
        }
        assertFalse(strangers.came("a"));
        assertTrue(strangers.came("b"));

        strangers.gone("a");
        assertTrue(strangers.came("a"));
    }

    @Test
    void allAddressesTogetherGetSoManyPlaces() {
        for (int i = 0; i < 10; i++) {
            assertTrue(strangers.came("address " + i));
        }
        assertFalse(strangers.came("one more"));
        assertEquals(10, strangers.count());

        strangers.gone("address 3");
        assertTrue(strangers.came("one more"));
    }
}
