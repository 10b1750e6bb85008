package dev.muster.chunkstore.store;

import dev.muster.protocol.MusterException.Corrupt;
import dev.muster.protocol.codec.ByteReader;
import dev.muster.protocol.codec.ByteWriter;
import dev.muster.protocol.content.ChunkId;
import dev.muster.protocol.content.Hash;
import dev.muster.protocol.content.ManifestId;
import java.nio.ByteBuffer;

/// One thing that has become true of the store for good. The layout is in this package's documentation.
sealed interface JournalRecord {
    /// A chunk's record lies there, durable. A later one for the same chunk counts instead.
    record Put(ChunkId id, Place place) implements JournalRecord {}

    /// An image is whole: head, pages and every chunk, durable.
    record Install(ManifestId id) implements JournalRecord {}

    /// Nothing will be appended to a segment any more.
    record Seal(int segment) implements JournalRecord {}

    /// A chunk has that place no longer, whether it has another or none; nothing else will ever lie there.
    record Condemn(ChunkId id, Place place) implements JournalRecord {}

    /// The file of a sealed segment is gone, for good.
    record Free(int segment) implements JournalRecord {}

    /// What is here of an image is held until then, in milliseconds since 1970, even after a crash; 0 if no
    /// longer. The last one of a manifest counts.
    record Leased(ManifestId id, long untilMillis) implements JournalRecord {}

    /// An image is not whole here any more. Its chunks go after this.
    record Remove(ManifestId id) implements JournalRecord {}

    /// A snapshot ends, after so many records.
    record End(long records) implements JournalRecord {}

    /// Head, body and checksum.
    default byte[] encode() {
        ByteWriter body = new ByteWriter(64);
        int type = switch (this) {
            case Put(ChunkId id, Place place) -> {
                writePlace(id, place, body);
                yield 1;
            }
            case Install(ManifestId id) -> {
                id.hash().write(body);
                yield 2;
            }
            case Seal(int segment) -> {
                body.u32(segment);
                yield 3;
            }
            case Condemn(ChunkId id, Place place) -> {
                writePlace(id, place, body);
                yield 5;
            }
            case Free(int segment) -> {
                body.u32(segment);
                yield 6;
            }
            case Leased(ManifestId id, long untilMillis) -> {
                id.hash().write(body);
                body.u64(untilMillis);
                yield 7;
            }
            case Remove(ManifestId id) -> {
                id.hash().write(body);
                yield 8;
            }
            case End(long records) -> {
                body.u64(records);
                yield 9;
            }
        };
        return JournalFrame.encode(type, body.toBytes());
    }

    /// The record that `bytes`, head to checksum, are.
    static JournalRecord decode(String what, ByteBuffer bytes) throws Corrupt {
        ByteReader in = Checksum.check(what, bytes);
        int length = in.u16();
        int type = in.u8();
        in.zeros(1);
        if (in.remaining() != length) {
            throw in.refuse("a record of " + length + " bytes", in.remaining());
        }
        JournalRecord record = switch (type) {
            case 1 -> new Put(new ChunkId(Hash.read(in)), readPlace(in));
            case 2 -> new Install(new ManifestId(Hash.read(in)));
            case 3 -> new Seal(in.u32(Integer.MAX_VALUE));
            case 5 -> new Condemn(new ChunkId(Hash.read(in)), readPlace(in));
            case 6 -> new Free(in.u32(Integer.MAX_VALUE));
            case 7 -> new Leased(new ManifestId(Hash.read(in)), in.u64());
            case 8 -> new Remove(new ManifestId(Hash.read(in)));
            case 9 -> new End(in.u64());
            default -> throw in.refuse("record type 1 to 3 or 5 to 9", type + ", of a newer version");
        };
        in.end();
        return record;
    }

    private static void writePlace(ChunkId id, Place place, ByteWriter out) {
        id.hash().write(out);
        out.u32(place.segment()).u32(place.block()).u16(place.blocks());
    }

    static Place readPlace(ByteReader in) throws Corrupt {
        return readPlace(in.u32(Integer.MAX_VALUE), in);
    }

    /// The rest of a place in that segment.
    static Place readPlace(int segment, ByteReader in) throws Corrupt {
        int block = in.u32(Integer.MAX_VALUE);
        int blocks = in.u16(SegmentRecord.BLOCKS_MAX);
        if (!Place.isPlace(segment, block, blocks)) {
            throw in.refuse("a place", "segment " + segment + " block " + block + ", " + blocks + " blocks");
        }
        return new Place(segment, block, blocks);
    }
}
