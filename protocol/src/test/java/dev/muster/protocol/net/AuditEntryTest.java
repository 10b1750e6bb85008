package dev.muster.protocol.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.muster.protocol.MusterException.Corrupt;
import dev.muster.protocol.content.Hash;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

final class AuditEntryTest {
    private static final Hash ONES = Hash.parse("01".repeat(32));
    private static final AuditEntry ENTRY = new AuditEntry(2, 1000, "anna", "pin", "done", ONES);

    @Test
    void anEntryIsWrittenAsItAlwaysWas() throws Corrupt {
        assertEquals(
                "0200000000000000" + "e803000000000000" + "0400" + "616e6e61" + "0300" + "70696e" + "0400" + "646f6e65"
                        + ONES.hex(),
                HexFormat.of().formatHex(ENTRY.encode()));
        assertEquals(ENTRY, AuditEntry.decode(ENTRY.encode()));
        assertEquals(List.of(ENTRY, ENTRY), AuditEntry.decodePage(AuditEntry.encodePage(List.of(ENTRY, ENTRY))));
    }

    @Test
    void anEntryThatIsCutOffOrLongerIsNone() {
        byte[] good = ENTRY.encode();

        for (int length = 0; length < good.length; length++) {
            byte[] cut = Arrays.copyOf(good, length);
            assertThrows(Corrupt.class, () -> AuditEntry.decode(cut));
        }
        assertThrows(Corrupt.class, () -> AuditEntry.decode(Arrays.copyOf(good, good.length + 1)));
    }

    @Test
    void onlyTheNextEntryFollows() throws Corrupt {
        AuditEntry.checkFollows(1, ONES, ENTRY);

        assertThrows(Corrupt.class, () -> AuditEntry.checkFollows(2, ONES, ENTRY));
        assertThrows(Corrupt.class, () -> AuditEntry.checkFollows(1, AuditEntry.NONE, ENTRY));
    }
}
