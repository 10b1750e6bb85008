package dev.muster.protocol.codec;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// Writes one structure, the mirror image of [ByteReader]. A value that the field cannot hold is a caller's mistake.
public final class ByteWriter {
    private ByteBuffer out;

    public ByteWriter() {
        this(256);
    }

    public ByteWriter(int expectedBytes) {
        out = ByteBuffer.allocate(Math.max(16, expectedBytes)).order(ByteOrder.LITTLE_ENDIAN);
    }

    public int size() {
        return out.position();
    }

    public ByteWriter u8(int value) {
        check(value, 0xffL);
        room(1).put((byte) value);
        return this;
    }

    public ByteWriter u16(int value) {
        check(value, 0xffffL);
        room(2).putShort((short) value);
        return this;
    }

    public ByteWriter u32(long value) {
        check(value, 0xffff_ffffL);
        room(4).putInt((int) value);
        return this;
    }

    public ByteWriter u64(long value) {
        check(value, Long.MAX_VALUE);
        room(8).putLong(value);
        return this;
    }

    public ByteWriter flag(boolean value) {
        return u8(value ? 1 : 0);
    }

    public ByteWriter bytes(byte[] bytes) {
        room(bytes.length).put(bytes);
        return this;
    }

    public ByteWriter bytes(ByteBuffer bytes) {
        room(bytes.remaining()).put(bytes.duplicate());
        return this;
    }

    public ByteWriter blob(byte[] bytes) {
        return u32(bytes.length).bytes(bytes);
    }

    public ByteWriter text(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return u16(bytes.length).bytes(bytes);
    }

    public ByteWriter magic(String magic) {
        return bytes(magic.getBytes(StandardCharsets.ISO_8859_1));
    }

    public ByteWriter zeros(int length) {
        return bytes(new byte[length]);
    }

    public byte[] toBytes() {
        return Arrays.copyOf(out.array(), out.position());
    }

    private ByteBuffer room(int bytes) {
        if (out.remaining() < bytes) {
            int wanted = Math.addExact(out.position(), bytes);
            ByteBuffer larger = ByteBuffer.allocate(
                            (int) Math.min(Integer.MAX_VALUE - 8, Math.max(wanted, 2L * out.capacity())))
                    .order(ByteOrder.LITTLE_ENDIAN);
            out = larger.put(out.flip());
        }
        return out;
    }

    private static void check(long value, long max) {
        if (value < 0 || value > max) {
            throw new IllegalArgumentException(value + " is not between 0 and " + max);
        }
    }
}
