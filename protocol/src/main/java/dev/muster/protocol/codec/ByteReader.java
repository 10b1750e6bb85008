package dev.muster.protocol.codec;

import dev.muster.protocol.MusterException.Corrupt;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/// Reads one structure out of bytes that may be hostile. Every method fails with [Corrupt] instead of reading past the
/// end or beyond a cap, and names the structure it was reading.
public final class ByteReader {
    private final String what;
    private final ByteBuffer in;

    /// @param what the structure, for error messages: `manifest head`
    /// @param bytes read from its position to its limit; the buffer itself is left alone
    public ByteReader(String what, ByteBuffer bytes) {
        this.what = what;
        this.in = bytes.slice().order(ByteOrder.LITTLE_ENDIAN);
    }

    public static ByteReader of(String what, byte[] bytes) {
        return new ByteReader(what, ByteBuffer.wrap(bytes));
    }

    public int remaining() {
        return in.remaining();
    }

    public int position() {
        return in.position();
    }

    public int u8() throws Corrupt {
        need(1);
        return Byte.toUnsignedInt(in.get());
    }

    public int u16() throws Corrupt {
        need(2);
        return Short.toUnsignedInt(in.getShort());
    }

    public long u32() throws Corrupt {
        need(4);
        return Integer.toUnsignedLong(in.getInt());
    }

    /// A u64 that fits a `long`; larger ones are refused.
    public long u64() throws Corrupt {
        need(8);
        long value = in.getLong();
        if (value < 0) {
            throw refuse("a number of at most 2^63-1", Long.toUnsignedString(value));
        }
        return value;
    }

    /// A u8 of at most `max`.
    public int u8(int max) throws Corrupt {
        return (int) atMost(u8(), max);
    }

    /// A u16 of at most `max`.
    public int u16(int max) throws Corrupt {
        return (int) atMost(u16(), max);
    }

    /// A u32 of at most `max`.
    public int u32(int max) throws Corrupt {
        return (int) atMost(u32(), max);
    }

    /// A u64 of at most `max`.
    public long u64(long max) throws Corrupt {
        return atMost(u64(), max);
    }

    public boolean flag() throws Corrupt {
        return u8(1) == 1;
    }

    /// A u32 count of elements of at least `elementBytes` each, of which at most `max` may come. A count that the
    /// remaining bytes cannot hold is refused, so that it can be allocated.
    public int count(int max, int elementBytes) throws Corrupt {
        int count = u32(max);
        if ((long) count * elementBytes > in.remaining()) {
            throw refuse(count + " elements of " + elementBytes + " bytes", in.remaining() + " bytes");
        }
        return count;
    }

    public byte[] bytes(int length) throws Corrupt {
        need(length);
        byte[] out = new byte[length];
        in.get(out);
        return out;
    }

    /// A u32 length of at most `max`, and that many bytes.
    public byte[] blob(int max) throws Corrupt {
        return bytes(u32(max));
    }

    /// A view of the next `length` bytes, without a copy.
    public ByteBuffer view(int length) throws Corrupt {
        need(length);
        ByteBuffer view = in.slice(in.position(), length).order(ByteOrder.LITTLE_ENDIAN);
        in.position(in.position() + length);
        return view;
    }

    /// A u16 length of at most `maxBytes`, and that much well-formed UTF-8.
    public String text(int maxBytes) throws Corrupt {
        ByteBuffer bytes = view(u16(maxBytes));
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(bytes).toString();
        } catch (CharacterCodingException e) {
            throw new Corrupt(what + ": expected UTF-8 text, found other bytes", e);
        }
    }

    /// The ASCII bytes that every format starts with.
    public void magic(String expected) throws Corrupt {
        String found = new String(bytes(expected.length()), StandardCharsets.ISO_8859_1);
        if (!found.equals(expected)) {
            throw refuse("magic " + expected, printable(found));
        }
    }

    /// Zeros that fill a fixed field.
    public void zeros(int length) throws Corrupt {
        for (byte b : bytes(length)) {
            if (b != 0) {
                throw refuse("zero padding", "other bytes");
            }
        }
    }

    /// Nothing may be left.
    public void end() throws Corrupt {
        if (in.hasRemaining()) {
            throw refuse("the end after " + in.position() + " bytes", in.remaining() + " bytes more");
        }
    }

    /// The failure to throw where the shape is right and a value is not.
    public Corrupt refuse(String expected, Object found) {
        return new Corrupt(what + ": expected " + expected + ", found " + found);
    }

    private long atMost(long value, long max) throws Corrupt {
        if (value > max) {
            throw refuse("at most " + max, value);
        }
        return value;
    }

    private void need(int bytes) throws Corrupt {
        if (in.remaining() < bytes) {
            throw refuse(bytes + " bytes at " + in.position(), in.remaining());
        }
    }

    private static String printable(String text) {
        return text.chars().allMatch(c -> c >= 0x20 && c < 0x7f) ? text : "other bytes";
    }
}
