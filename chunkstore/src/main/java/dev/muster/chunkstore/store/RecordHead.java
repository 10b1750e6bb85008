package dev.muster.chunkstore.store;

import dev.muster.protocol.MusterException.Corrupt;
import dev.muster.protocol.codec.ByteReader;
import dev.muster.protocol.codec.ByteWriter;
import dev.muster.protocol.content.Block;
import dev.muster.protocol.content.ChunkHeader;
import dev.muster.protocol.content.ChunkId;
import dev.muster.protocol.content.Frame;
import dev.muster.protocol.content.Hash;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/// What a record says in its first 4 KiB.
///
/// @param place where it is meant to lie
/// @param blocks how many blocks the chunk has
/// @param frames what each frame is, in order; none if the chunk's blocks lie elsewhere
record RecordHead(ChunkId id, Place place, int blocks, List<FrameEntry> frames, int payloadCrc) {
    private static final String MAGIC = "MSTRRECD";
    private static final int PLAIN = 0;
    private static final int FRAMES = 1;
    private static final int ELSEWHERE = 2;

    RecordHead {
        frames = List.copyOf(frames);
    }

    /// A frame but for its bytes.
    record FrameEntry(Frame.Codec codec, int length) {}

    int payloadBytes() {
        return frames.stream().mapToInt(FrameEntry::length).sum();
    }

    byte[] encode() {
        ByteWriter out = new ByteWriter(Block.BYTES).magic(MAGIC).u16(1).u16(0);
        id.hash().write(out);
        out.u32(place.segment()).u32(place.block()).u16(blocks).u8(kind()).u8(frames.size());
        for (int i = 0; i < Frame.PER_CHUNK_MAX; i++) {
            out.u8(i < frames.size() ? code(frames.get(i).codec) : 0);
        }
        for (int i = 0; i < Frame.PER_CHUNK_MAX; i++) {
            out.u32(i < frames.size() ? frames.get(i).length : 0);
        }
        out.u32(payloadBytes()).u32(Integer.toUnsignedLong(payloadCrc));
        return Checksum.append(out.zeros(Block.BYTES - Checksum.BYTES - out.size()));
    }

    /// The head at the start of `bytes`, which must be that of this chunk in this place.
    static RecordHead decode(ChunkId id, Place place, ByteBuffer bytes) throws Corrupt {
        String what = name(id, place);
        if (bytes.remaining() < Block.BYTES) {
            throw new Corrupt(what + ": expected a head of 4096 bytes, found " + bytes.remaining());
        }
        ByteReader in = Checksum.check(what, bytes.slice(bytes.position(), Block.BYTES));
        Checksum.header(in, MAGIC);
        ChunkId found = new ChunkId(Hash.read(in));
        long segment = in.u32();
        long block = in.u32();
        if (!found.equals(id) || segment != place.segment() || block != place.block()) {
            throw in.refuse("its head", "that of " + found + " for segment " + segment + " block " + block);
        }
        int n = in.u16(ChunkHeader.BLOCKS_MAX);
        int kind = in.u8(ELSEWHERE);
        int count = in.u8(Frame.PER_CHUNK_MAX);
        if (n == 0 || count != (kind == ELSEWHERE ? 0 : Math.ceilDiv(n, Frame.BLOCKS))) {
            throw in.refuse("as many frames as " + n + " blocks have", count);
        }
        List<FrameEntry> frames = readFrames(in, n, count);
        int payloadBytes = in.u32(ChunkHeader.BLOCKS_MAX * Block.BYTES);
        RecordHead head = new RecordHead(id, place, n, frames, (int) in.u32());
        in.zeros(in.remaining());
        if (head.payloadBytes() != payloadBytes || head.kind() != kind || (kind == ELSEWHERE && head.payloadCrc != 0)) {
            throw in.refuse("a payload of its frames", payloadBytes + " bytes");
        }
        return head;
    }

    /// The failure to throw where the rest of the record is not what the head says.
    Corrupt refuse(String expected, Object found) {
        return new Corrupt(name(id, place) + ": expected " + expected + ", found " + found);
    }

    private static String name(ChunkId id, Place place) {
        return "record of chunk " + id + " in " + place;
    }

    /// Whether the payload is the chunk's blocks, as they are.
    boolean isPlain() {
        return kind() == PLAIN;
    }

    /// Whether there is no payload: the chunk's blocks lie on volumes.
    boolean isElsewhere() {
        return frames.isEmpty();
    }

    private int kind() {
        if (frames.isEmpty()) {
            return ELSEWHERE;
        }
        return frames.stream().allMatch(frame -> frame.codec == Frame.Codec.RAW) ? PLAIN : FRAMES;
    }

    private static List<FrameEntry> readFrames(ByteReader in, int n, int count) throws Corrupt {
        byte[] codecs = in.bytes(Frame.PER_CHUNK_MAX);
        List<FrameEntry> frames = new ArrayList<>(count);
        for (int i = 0; i < Frame.PER_CHUNK_MAX; i++) {
            int length = in.u32(Frame.RAW_BYTES);
            if (i >= count && (codecs[i] != 0 || length != 0)) {
                throw in.refuse("no frame " + i, length + " bytes");
            }
            if (i < count) {
                Frame.Codec codec = codec(codecs[i], in);
                int raw = Frame.blocksOf(i, n) * Block.BYTES;
                if (length == 0 || length > raw || (codec == Frame.Codec.RAW && length != raw)) {
                    throw in.refuse("frame " + i + " of at most " + raw + " bytes", length);
                }
                frames.add(new FrameEntry(codec, length));
            }
        }
        return frames;
    }

    private static int code(Frame.Codec codec) {
        return switch (codec) {
            case RAW -> 0;
            case ZSTD -> 1;
        };
    }

    private static Frame.Codec codec(int code, ByteReader in) throws Corrupt {
        return switch (code) {
            case 0 -> Frame.Codec.RAW;
            case 1 -> Frame.Codec.ZSTD;
            default -> throw in.refuse("frame codec 0 (raw) or 1 (zstd)", code);
        };
    }
}
