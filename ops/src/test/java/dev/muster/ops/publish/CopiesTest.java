package dev.muster.ops.publish;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.muster.ops.shell.Json;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

final class CopiesTest {
    private static final OptionalInt UNSAID = OptionalInt.empty();

    @Test
    void whereNobodySaidHowManyTwoOrThoseThatKeepItSuffice() {
        assertEquals(1, spread(1, 0, true).wanted(UNSAID), "no keepers");
        assertEquals(2, spread(1, 1, true).wanted(UNSAID), "one keeper");
        assertEquals(2, spread(1, 7, true).wanted(UNSAID), "many keepers");
        assertEquals(1, spread(0, 1, false).wanted(UNSAID), "one keeper, and not here");
        assertEquals(0, spread(0, 0, false).wanted(UNSAID), "nobody has it or will");
        assertEquals(5, spread(1, 1, true).wanted(OptionalInt.of(5)));
    }

    @Test
    void thisHostCountsBeforeItsReportHasCome() {
        assertEquals(1, spread(0, 0, true).possible());
        assertEquals(0, spread(0, 0, true).copies());
        assertEquals(1, spread(1, 0, true).possible());
        assertEquals(0, spread(0, 0, false).possible());
    }

    private static Copies.Spread spread(int copies, int coming, boolean here) {
        return Copies.Spread.of(Json.object().put("copies", copies).put("coming", coming), here);
    }
}
