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

    /// A snapshot ends, after so many records.
    record End(long records) implements JournalRecord {}

    /// Head, body and checksum.
    default byte[] encode() {
        ByteWriter body = new ByteWriter(64);
        int type = switch (this) {
            case Put(ChunkId id, Place place) -> {
                id.hash().write(body);
                body.u32(place.segment()).u32(place.block()).u16(place.blocks());
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
            case 9 -> new End(in.u64());
            default -> throw in.refuse("record type 1, 2, 3 or 9", type + ", of a newer version");
        };
        in.end();
        return record;
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
