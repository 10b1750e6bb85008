package dev.muster.protocol.codec;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.muster.protocol.MusterException.Corrupt;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class ByteReaderTest {

    @Test
    void whatIsWrittenIsRead() throws Corrupt {
        byte[] bytes = new ByteWriter()
                .magic("MAGIC")
                .u8(0xff)
                .u16(0xfffe)
                .u32(0xffff_fffdL)
                .u64(Long.MAX_VALUE)
                .flag(true)
                .text("grün")
                .blob(new byte[] {1, 2, 3})
                .zeros(3)
                .bytes(ByteBuffer.wrap(new byte[] {4, 5}))
                .toBytes();

        ByteReader in = ByteReader.of("thing", bytes);

        in.magic("MAGIC");
        assertEquals(0xff, in.u8());
        assertEquals(0xfffe, in.u16());
        assertEquals(0xffff_fffdL, in.u32());
        assertEquals(Long.MAX_VALUE, in.u64());
        assertTrue(in.flag());
        assertEquals("grün", in.text(16));
        assertArrayEquals(new byte[] {1, 2, 3}, in.blob(3));
        in.zeros(3);
        assertArrayEquals(new byte[] {4, 5}, in.bytes(2));
        in.end();
    }

    @Test
    void integersAreLittleEndian() {
        byte[] bytes = new ByteWriter()
                .u16(0x0102)
                .u32(0x03040506)
                .u64(0x0708090a0b0c0d0eL)
                .toBytes();

        assertEquals("0201" + "06050403" + "0e0d0c0b0a090807", HexFormat.of().formatHex(bytes));
    }

    @Test
    void nothingIsReadPastTheEnd() {
        refused("expected 2 bytes at 0, found 1", () -> reader("01").u16());
        refused("expected 4 bytes at 0, found 3", () -> reader("010203").u32());
        refused("expected 8 bytes at 0, found 0", () -> reader("").u64());
        refused("expected 5 bytes at 0, found 4", () -> reader("01020304").bytes(5));
        refused("expected 5 bytes at 0, found 4", () -> reader("01020304").view(5));
    }

    @Test
    void aValueBeyondItsCapIsRefused() {
        refused("expected at most 7, found 8", () -> reader("08").u8(7));
        refused("expected at most 7, found 8", () -> reader("0800").u16(7));
        refused("expected at most 7, found 8", () -> reader("08000000").u32(7));
        refused("expected at most 7, found 8", () -> reader("0800000000000000").u64(7));
        refused("expected at most 1, found 2", () -> reader("02").flag());
        refused(
                "expected a number of at most 2^63-1, found 18446744073709551615",
                () -> reader("ffffffffffffffff").u64());
    }

    @Test
    void aLengthIsCheckedBeforeAnythingIsAllocated() {
        refused(
                "expected at most 16, found 4294967295",
                () -> reader("ffffffff").blob(16));
        refused(
                "expected 2147483647 bytes at 4, found 1",
                () -> reader("ffffff7f00").blob(Integer.MAX_VALUE));
        refused("expected at most 16, found 65535", () -> reader("ffff").text(16));
        refused(
                "expected 2147483647 elements of 40 bytes, found 1 bytes",
                () -> reader("ffffff7f00").count(Integer.MAX_VALUE, 40));
        refused("expected at most 3, found 4", () -> reader("0400000000000000").count(3, 1));
    }

    @Test
    void wrongTextMagicPaddingAndRemaindersAreRefused() {
        refused("expected UTF-8 text, found other bytes", () -> reader("0100ff").text(16));
        refused("expected magic AB, found AC", () -> reader("4143").magic("AB"));
        refused("expected magic AB, found other bytes", () -> reader("4107").magic("AB"));
        refused(
                "expected zero padding, found other bytes",
                () -> reader("000100").zeros(3));
        refused(
                "expected the end after 0 bytes, found 2 bytes more",
                () -> reader("0001").end());
    }

    @Test
    void aReaderLeavesItsBufferAloneAndStaysInItsLimits() throws Corrupt {
        ByteBuffer bytes = ByteBuffer.wrap(new byte[] {9, 1, 2, 9}, 1, 2);

        ByteReader in = new ByteReader("thing", bytes);

        assertEquals(0x0201, in.u16());
        in.end();
        assertEquals(1, bytes.position());
    }

    @Test
    void aWriterRefusesWhatTheFieldCannotHold() {
        assertThrows(IllegalArgumentException.class, () -> new ByteWriter().u8(256));
        assertThrows(IllegalArgumentException.class, () -> new ByteWriter().u16(-1));
        assertThrows(IllegalArgumentException.class, () -> new ByteWriter().u32(1L << 32));
        assertThrows(IllegalArgumentException.class, () -> new ByteWriter().u64(-1));
        assertThrows(IllegalArgumentException.class, () -> new ByteWriter().text("x".repeat(65_536)));
    }

    private static ByteReader reader(String hex) {
        return ByteReader.of("thing", HexFormat.of().parseHex(hex));
    }

    private static void refused(String message, Executable reading) {
        assertEquals("thing: " + message, assertThrows(Corrupt.class, reading).getMessage());
    }
}
