package dev.muster.protocol.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.muster.protocol.MusterException.Corrupt;
import dev.muster.protocol.codec.ByteWriter;
import dev.muster.protocol.content.Hash;
import dev.muster.protocol.net.ReleaseList.Entry;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ReleaseListTest {
    private static final Hash ONES = Hash.parse("01".repeat(32));
    private static final Hash TWOS = Hash.parse("02".repeat(32));

    @Test
    void aListIsWrittenAsItAlwaysWas() throws Corrupt {
        ReleaseList list = new ReleaseList(258, List.of(new Entry(ONES, "web", false), new Entry(TWOS, "db", true)));

        assertEquals(
                "0201000000000000" + "02000000" + ONES.hex() + "0300776562" + "00" + TWOS.hex() + "02006462" + "01",
                HexFormat.of().formatHex(list.encode()));
        assertEquals(list, ReleaseList.decode(list.encode()));
    }

    @Test
    void theRevisionSaysWhatIsInTheListInWhateverOrder() {
        Entry web = new Entry(ONES, "web", false);
        Entry db = new Entry(TWOS, "db", false);

        ReleaseList list = ReleaseList.of(List.of(db, web));

        assertEquals(list, ReleaseList.of(List.of(web, db)));
        assertNotEquals(
                list.revision(),
                ReleaseList.of(List.of(web, new Entry(TWOS, "db", true))).revision());
        assertNotEquals(list.revision(), ReleaseList.of(List.of(web)).revision());
    }

    @Test
    void everyCutListAndEveryCountBeyondItsBytesIsRefused() {
        byte[] bytes = new ReleaseList(1, List.of(new Entry(ONES, "web", false))).encode();
        for (int length = 0; length < bytes.length; length++) {
            byte[] cut = Arrays.copyOf(bytes, length);
            assertThrows(Corrupt.class, () -> ReleaseList.decode(cut));
        }
        byte[] many = new ByteWriter().u64(1).u32(ReleaseList.COUNT_MAX).toBytes();
        assertThrows(Corrupt.class, () -> ReleaseList.decode(many));
        byte[] noName = new ByteWriter()
                .u64(1)
                .u32(1)
                .bytes(ONES.toBytes())
                .text("No")
                .flag(false)
                .toBytes();
        assertThrows(Corrupt.class, () -> ReleaseList.decode(noName));
    }
}
