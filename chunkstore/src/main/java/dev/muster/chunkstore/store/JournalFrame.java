package dev.muster.chunkstore.store;

import dev.muster.protocol.codec.ByteWriter;
import dev.muster.protocol.content.ChunkId;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/// What a journal's files consist of: a length, a type, a body, a checksum. Most hold a [JournalRecord]; two say
/// something of the file itself. The layout is in this package's documentation.
final class JournalFrame {
    static final int HEAD_BYTES = 4;

    /// Head and checksum.
    static final int EXTRA_BYTES = HEAD_BYTES + Checksum.BYTES;

    static final int BODY_MAX = 0xffff;

    /// Many PUTs in one, in a snapshot.
    static final int PUTS = 10;

    /// That what follows was written after all before it was durable, in a log.
    static final int BATCH = 11;

    static final int PUT_BYTES = 42;
    static final int PUTS_MAX = BODY_MAX / PUT_BYTES;
    static final int BATCH_BYTES = 8;

    private JournalFrame() {}

    static byte[] encode(int type, byte[] body) {
        ByteWriter out = new ByteWriter(body.length + EXTRA_BYTES);
        return Checksum.append(out.u16(body.length).u8(type).u8(0).bytes(body));
    }

    /// One of the [#PUTS].
    static void writePut(ByteWriter out, ChunkId id, Place place) {
        id.hash().write(out);
        out.u32(place.segment()).u32(place.block()).u16(place.blocks());
    }

    static byte[] encodeBatch(long at) {
        return encode(BATCH, new ByteWriter(BATCH_BYTES).u64(at).toBytes());
    }

    /// Whether the bytes at `index`, which is at `position` in its log, are a [#BATCH].
    static boolean isBatch(ByteBuffer bytes, int index, long position) {
        ByteBuffer frame = bytes.slice(index, BATCH_BYTES + EXTRA_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        return frame.getInt(0) == ((BATCH << Short.SIZE) | BATCH_BYTES)
                && frame.getLong(HEAD_BYTES) == position
                && Checksum.isRight(frame);
    }
}
