package dev.muster.protocol.content;

import dev.muster.protocol.MusterException.Corrupt;
import dev.muster.protocol.codec.ByteReader;
import dev.muster.protocol.codec.ByteWriter;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/// A SHA-256 (FIPS 180-4), as four big-endian words: a value that compares and hashes fast and holds no array.
public record Hash(long a, long b, long c, long d) implements Comparable<Hash> {
    public static final int BYTES = 32;
    private static final HexFormat HEX = HexFormat.of();

    /// The hash that the next 32 bytes of `in` are.
    public static Hash get(ByteBuffer in) {
        ByteBuffer view = in.slice(in.position(), BYTES).order(ByteOrder.BIG_ENDIAN);
        in.position(in.position() + BYTES);
        return new Hash(view.getLong(0), view.getLong(8), view.getLong(16), view.getLong(24));
    }

    public static Hash read(ByteReader in) throws Corrupt {
        return get(in.view(BYTES));
    }

    public static Hash ofBytes(byte[] bytes) {
        if (bytes.length != BYTES) {
            throw new IllegalArgumentException("a hash has 32 bytes, not " + bytes.length);
        }
        return get(ByteBuffer.wrap(bytes));
    }

    /// SHA-256 of the parts, one after the other.
    public static Hash of(byte[]... parts) {
        MessageDigest digest = sha256();
        for (byte[] part : parts) {
            digest.update(part);
        }
        return ofBytes(digest.digest());
    }

    /// SHA-256 of what lies between position and limit; the buffer is left alone.
    public static Hash of(ByteBuffer bytes) {
        MessageDigest digest = sha256();
        digest.update(bytes.duplicate());
        return ofBytes(digest.digest());
    }

    /// @param hex 64 digits, with or without `sha256:` before them
    /// @throws IllegalArgumentException for anything else
    public static Hash parse(String hex) {
        String digits = hex.startsWith("sha256:") ? hex.substring("sha256:".length()) : hex;
        if (digits.length() != 2 * BYTES) {
            throw new IllegalArgumentException("expected sha256: and 64 hexadecimal digits, found " + hex);
        }
        return ofBytes(HEX.parseHex(digits));
    }

    /// A digest for callers that hash many things; it is not shared between threads.
    public static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    public void put(ByteBuffer out) {
        ByteBuffer view = out.slice(out.position(), BYTES).order(ByteOrder.BIG_ENDIAN);
        view.putLong(a).putLong(b).putLong(c).putLong(d);
        out.position(out.position() + BYTES);
    }

    public void write(ByteWriter out) {
        out.bytes(toBytes());
    }

    public byte[] toBytes() {
        byte[] bytes = new byte[BYTES];
        put(ByteBuffer.wrap(bytes));
        return bytes;
    }

    public String hex() {
        return HEX.formatHex(toBytes());
    }

    /// The first 12 digits: enough for people.
    public String brief() {
        return hex().substring(0, 12);
    }

    @Override
    public int compareTo(Hash other) {
        int order = Long.compareUnsigned(a, other.a);
        order = order != 0 ? order : Long.compareUnsigned(b, other.b);
        order = order != 0 ? order : Long.compareUnsigned(c, other.c);
        return order != 0 ? order : Long.compareUnsigned(d, other.d);
    }

    @Override
    public String toString() {
        return "sha256:" + hex();
    }
}
