package dev.muster.chunkstore.store;

import dev.muster.protocol.MusterException.Corrupt;
import dev.muster.protocol.codec.ByteReader;
import dev.muster.protocol.codec.ByteWriter;
import dev.muster.protocol.content.Block;
import dev.muster.protocol.content.Chunk;
import dev.muster.protocol.content.ChunkHeader;
import dev.muster.protocol.content.ChunkId;
import dev.muster.protocol.content.Frame;
import dev.muster.protocol.content.Hash;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/// A chunk as it lies in a segment: a head of 4 KiB, the chunk header, and the frames, each part filled up to 4 KiB.
/// The layout is in this package's documentation.
final class SegmentRecord {
    /// Head, header and at least one block of payload.
    static final int BLOCKS_MIN = 3;

    /// Head, two blocks of header, 1 MiB of payload.
    static final int BLOCKS_MAX = 1 + 2 + ChunkHeader.BLOCKS_MAX;

    private static final String MAGIC = "MSTRRECD";

    private final Chunk chunk;
    private final ByteBuffer bytes;
    private final int payloadBytes;
    private final int payloadCrc;

    private SegmentRecord(Chunk chunk, ByteBuffer bytes, int payloadBytes) {
        this.chunk = chunk;
        this.bytes = bytes;
        this.payloadBytes = payloadBytes;
        this.payloadCrc = Checksum.of(bytes.slice(headBlocks(chunk.header().blocks()) * Block.BYTES, payloadBytes));
    }

    /// The record of a chunk, complete but for its head, which says where it lies.
    static SegmentRecord of(Chunk chunk) {
        ChunkHeader header = chunk.header();
        int payloadAt = headBlocks(header.blocks()) * Block.BYTES;
        int payloadBytes = chunk.wireBytes();
        int blocks = Math.ceilDiv(payloadAt + payloadBytes, Block.BYTES);
        ByteBuffer bytes = ByteBuffer.allocate(blocks * Block.BYTES);
        bytes.put(Block.BYTES, header.toBytes());
        bytes.position(payloadAt);
        for (Frame frame : chunk.frames()) {
            bytes.put(frame.view());
        }
        return new SegmentRecord(chunk, bytes.clear(), payloadBytes);
    }

    /// How many blocks lie before the payload of a chunk of `n` blocks.
    static int headBlocks(int n) {
        return 1 + Math.ceilDiv(n * Hash.BYTES, Block.BYTES);
    }

    /// How long the record is.
    int blocks() {
        return bytes.capacity() / Block.BYTES;
    }

    int bytes() {
        return bytes.capacity();
    }

    /// What to write at that place, which is as long as the record.
    ByteBuffer at(Place place) {
        return bytes.put(0, encodeHead(place)).duplicate();
    }

    /// What a record says in its first 4 KiB.
    ///
    /// @param frames what each frame is, in order
    private record Head(ChunkId id, int blocks, List<FrameEntry> frames, int payloadBytes, int payloadCrc) {}

    private record FrameEntry(Frame.Codec codec, int length) {}

    /// The chunk whose record `bytes` is, as it was put.
    ///
    /// @throws Corrupt if any byte of it changed, or if it is another chunk's, or was meant for another place
    static Chunk decode(ChunkId id, Place place, ByteBuffer bytes) throws Corrupt {
        Head head = decodeHead(id, place, bytes);
        ChunkHeader header = decodeHeader(head, bytes);
        int payloadAt = headBlocks(head.blocks) * Block.BYTES;
        if (bytes.remaining() - payloadAt < head.payloadBytes) {
            throw new Corrupt("record of chunk " + id + ": expected " + head.payloadBytes + " bytes, found "
                    + (bytes.remaining() - payloadAt));
        }
        ByteBuffer payload = bytes.slice(payloadAt, head.payloadBytes);
        if (Checksum.of(payload) != head.payloadCrc) {
            throw new Corrupt("record of chunk " + id + ": expected the payload of its checksum, found another");
        }
        List<Frame> frames = new ArrayList<>(head.frames.size());
        for (FrameEntry frame : head.frames) {
            frames.add(new Frame(frame.codec, payload.slice(payload.position(), frame.length)));
            payload.position(payload.position() + frame.length);
        }
        return new Chunk(header, frames);
    }

    /// The chunk header in the first three blocks of a record.
    static ChunkHeader header(ChunkId id, Place place, ByteBuffer bytes) throws Corrupt {
        return decodeHeader(decodeHead(id, place, bytes), bytes);
    }

    private byte[] encodeHead(Place place) {
        List<Frame> frames = chunk.frames();
        ByteWriter out = new ByteWriter(Block.BYTES).magic(MAGIC).u16(1).u16(0);
        chunk.id().hash().write(out);
        out.u32(place.segment()).u32(place.block()).u16(chunk.header().blocks());
        out.u8(frames.stream().allMatch(frame -> frame.codec() == Frame.Codec.RAW) ? 0 : 1);
        out.u8(frames.size());
        for (int i = 0; i < Frame.PER_CHUNK_MAX; i++) {
            out.u8(i < frames.size() ? code(frames.get(i).codec()) : 0);
        }
        for (int i = 0; i < Frame.PER_CHUNK_MAX; i++) {
            out.u32(i < frames.size() ? frames.get(i).length() : 0);
        }
        out.u32(payloadBytes).u32(Integer.toUnsignedLong(payloadCrc));
        return Checksum.append(out.zeros(Block.BYTES - Checksum.BYTES - out.size()));
    }

    private static Head decodeHead(ChunkId id, Place place, ByteBuffer bytes) throws Corrupt {
        String what = "record of chunk " + id + " in " + place;
        if (bytes.remaining() < Block.BYTES) {
            throw new Corrupt(what + ": expected a head of 4096 bytes, found " + bytes.remaining());
        }
        ByteReader in = Checksum.check(what, bytes.slice(bytes.position(), Block.BYTES));
        Checksum.header(in, MAGIC);
        ChunkId found = new ChunkId(Hash.read(in));
        if (!found.equals(id)) {
            throw in.refuse("that chunk", "chunk " + found);
        }
        long segment = in.u32();
        long block = in.u32();
        if (segment != place.segment() || block != place.block()) {
            throw in.refuse("a record meant for " + place, "one for segment " + segment + " block " + block);
        }
        int n = in.u16(ChunkHeader.BLOCKS_MAX);
        boolean raw = in.u8(1) == 0;
        int count = in.u8(Frame.PER_CHUNK_MAX);
        if (n == 0 || count != Math.ceilDiv(n, Frame.BLOCKS)) {
            throw in.refuse("as many frames as " + n + " blocks have", count);
        }
        List<FrameEntry> frames = readFrames(in, n, count);
        int payloadBytes = in.u32(ChunkHeader.BLOCKS_MAX * Block.BYTES);
        int payloadCrc = (int) in.u32();
        in.zeros(in.remaining());
        if (frames.stream().mapToInt(FrameEntry::length).sum() != payloadBytes
                || frames.stream().allMatch(frame -> frame.codec == Frame.Codec.RAW) != raw) {
            throw in.refuse("a payload of its frames", payloadBytes + " bytes");
        }
        return new Head(id, n, frames, payloadBytes, payloadCrc);
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

    private static ChunkHeader decodeHeader(Head head, ByteBuffer bytes) throws Corrupt {
        byte[] hashes = new byte[head.blocks * Hash.BYTES];
        if (bytes.remaining() < Block.BYTES + hashes.length) {
            throw new Corrupt("record of chunk " + head.id + ": expected a header of " + hashes.length
                    + " bytes, found " + (bytes.remaining() - Block.BYTES));
        }
        bytes.get(bytes.position() + Block.BYTES, hashes);
        ChunkHeader header = ChunkHeader.of(hashes);
        if (!header.id().equals(head.id)) {
            throw new Corrupt("record of chunk " + head.id + ": expected its header, found that of " + header.id());
        }
        return header;
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
