package dev.muster.chunkstore.store;

import dev.muster.protocol.MusterException.Corrupt;
import dev.muster.protocol.codec.ByteReader;
import dev.muster.protocol.codec.ByteWriter;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;

/// CRC32C (RFC 3720, B.4), by which the store finds bytes that a disk lost or changed. It is no protection against
/// people; hashes are.
public final class Checksum {
    public static final int BYTES = 4;

    private Checksum() {}

    /// Of what lies between position and limit; the buffer is left alone.
    static int of(ByteBuffer bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes.duplicate());
        return (int) crc.getValue();
    }

    /// What was written, and its checksum behind it.
    public static byte[] append(ByteWriter out) {
        int crc = of(ByteBuffer.wrap(out.toBytes()));
        return out.u32(Integer.toUnsignedLong(crc)).toBytes();
    }

    /// Whether `bytes` end with their checksum, as [#append] wrote it.
    static boolean isRight(ByteBuffer bytes) {
        int length = bytes.remaining() - BYTES;
        ByteBuffer last = bytes.slice(bytes.position() + length, BYTES).order(ByteOrder.LITTLE_ENDIAN);
        return of(bytes.slice(bytes.position(), length)) == last.getInt();
    }

    /// A reader of what [#append] was given, once the checksum at the end is right.
    public static ByteReader check(String what, ByteBuffer bytes) throws Corrupt {
        if (bytes.remaining() < BYTES || !isRight(bytes)) {
            throw new Corrupt(what + ": expected bytes of their checksum, found " + bytes.remaining() + " others");
        }
        return new ByteReader(what, bytes.slice(bytes.position(), bytes.remaining() - BYTES));
    }

    /// The start of each of the store's formats: magic, `u16` version 1, `u16` 0.
    public static void header(ByteReader in, String magic) throws Corrupt {
        in.magic(magic);
        int version = in.u16();
        if (version != 1) {
            throw in.refuse("version 1", "version " + version);
        }
        in.zeros(2);
    }
}
