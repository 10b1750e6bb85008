package dev.muster.chunkstore.store;

import dev.muster.protocol.MusterException.Corrupt;
import dev.muster.protocol.content.Block;
import dev.muster.protocol.content.Chunk;
import dev.muster.protocol.content.ChunkHeader;
import dev.muster.protocol.content.ChunkId;
import dev.muster.protocol.content.Frame;
import dev.muster.protocol.content.Hash;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/// A chunk as it lies in a segment: a [RecordHead] of 4 KiB, the chunk header, and the frames, each part filled up to
/// 4 KiB; without frames if its blocks lie on a volume. The layout is in this package's documentation.
final class SegmentRecord {
    /// Head and header.
    static final int BLOCKS_MIN = 2;

    /// Head, and two blocks of header.
    static final int HEAD_BLOCKS_MAX = 3;

    /// Head, two blocks of header, 1 MiB of payload.
    static final int BLOCKS_MAX = HEAD_BLOCKS_MAX + ChunkHeader.BLOCKS_MAX;

    private static final byte[] ZEROS = new byte[Block.BYTES];

    private final ChunkHeader header;
    private final List<Frame> frames;
    private final ByteBuffer bytes;
    private final int payloadCrc;

    private SegmentRecord(ChunkHeader header, List<Frame> frames, ByteBuffer bytes, int payloadCrc) {
        this.header = header;
        this.frames = frames;
        this.bytes = bytes;
        this.payloadCrc = payloadCrc;
    }

    /// Memory for any one record, outside the heap: what lies there is written without another copy.
    static ByteBuffer memory() {
        return ByteBuffer.allocateDirect(BLOCKS_MAX * Block.BYTES);
    }

    /// The record of a chunk, complete but for its head, which says where it lies.
    static SegmentRecord of(Chunk chunk) {
        return of(chunk, ByteBuffer.allocate(blocks(chunk.header(), chunk.wireBytes()) * Block.BYTES));
    }

    /// As [#of(Chunk)], in memory that is the record's for as long as it is used.
    static SegmentRecord of(Chunk chunk, ByteBuffer memory) {
        return of(chunk.header(), chunk.frames(), chunk.wireBytes(), memory);
    }

    /// The record, complete but for its head, of a chunk whose blocks lie elsewhere.
    static SegmentRecord elsewhere(ChunkHeader header) {
        return of(header, List.of(), 0, ByteBuffer.allocate(blocks(header, 0) * Block.BYTES));
    }

    private static int blocks(ChunkHeader header, int payloadBytes) {
        return headBlocks(header.blocks()) + Math.ceilDiv(payloadBytes, Block.BYTES);
    }

    private static SegmentRecord of(ChunkHeader header, List<Frame> frames, int payloadBytes, ByteBuffer memory) {
        int payloadAt = headBlocks(header.blocks()) * Block.BYTES;
        ByteBuffer bytes = memory.slice(0, blocks(header, payloadBytes) * Block.BYTES);
        fill(bytes.position(Block.BYTES).put(header.toBytes()), payloadAt);
        for (Frame frame : frames) {
            bytes.put(frame.view());
        }
        fill(bytes, bytes.limit());
        bytes.clear();
        return new SegmentRecord(header, frames, bytes, Checksum.of(bytes.slice(payloadAt, payloadBytes)));
    }

    /// Zeros up to there: the memory may have been another record's.
    private static void fill(ByteBuffer bytes, int end) {
        bytes.put(ZEROS, 0, end - bytes.position());
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
        List<RecordHead.FrameEntry> entries = frames.stream()
                .map(frame -> new RecordHead.FrameEntry(frame.codec(), frame.length()))
                .toList();
        RecordHead head = new RecordHead(header.id(), place, header.blocks(), entries, payloadCrc);
        return bytes.put(0, head.encode()).duplicate();
    }

    /// The chunk whose record `bytes` is, as it was put.
    ///
    /// @throws Corrupt if any byte of it changed, or if it is another chunk's, or was meant for another place,
    ///     or has no payload
    static Chunk decode(ChunkId id, Place place, ByteBuffer bytes) throws Corrupt {
        RecordHead head = RecordHead.decode(id, place, bytes);
        ChunkHeader header = decodeHeader(head, bytes);
        if (head.isElsewhere()) {
            throw head.refuse("a payload", "none");
        }
        int payloadAt = headBlocks(head.blocks()) * Block.BYTES;
        if (bytes.remaining() - payloadAt < head.payloadBytes()) {
            throw head.refuse(head.payloadBytes() + " bytes", bytes.remaining() - payloadAt);
        }
        ByteBuffer payload = bytes.slice(payloadAt, head.payloadBytes());
        if (Checksum.of(payload) != head.payloadCrc()) {
            throw head.refuse("the payload of its checksum", "another");
        }
        List<Frame> frames = new ArrayList<>(head.frames().size());
        int at = 0;
        for (RecordHead.FrameEntry frame : head.frames()) {
            frames.add(new Frame(frame.codec(), payload.slice(at, frame.length())));
            at += frame.length();
        }
        return new Chunk(header, frames);
    }

    /// As [#decode], but empty for a record that is as it was written and has no payload.
    static Optional<Chunk> decodeAny(ChunkId id, Place place, ByteBuffer bytes) throws Corrupt {
        return held(id, place, bytes).here() ? Optional.of(decode(id, place, bytes)) : Optional.empty();
    }

    /// The chunk header in the first three blocks of a record.
    static ChunkHeader header(ChunkId id, Place place, ByteBuffer bytes) throws Corrupt {
        return decodeHeader(RecordHead.decode(id, place, bytes), bytes);
    }

    /// What the first three blocks of a record say: the chunk header, and whether the blocks lie here.
    static Held held(ChunkId id, Place place, ByteBuffer bytes) throws Corrupt {
        RecordHead head = RecordHead.decode(id, place, bytes);
        return new Held(decodeHeader(head, bytes), !head.isElsewhere());
    }

    /// Where in the segment block 0 of the chunk lies, from the first three blocks of a record; nowhere, if it holds
    /// frames.
    static OptionalLong plainOffset(ChunkId id, Place place, ByteBuffer bytes) throws Corrupt {
        RecordHead head = RecordHead.decode(id, place, bytes);
        int n = decodeHeader(head, bytes).blocks();
        return head.isPlain()
                ? OptionalLong.of(place.offset() + (long) headBlocks(n) * Block.BYTES)
                : OptionalLong.empty();
    }

    private static ChunkHeader decodeHeader(RecordHead head, ByteBuffer bytes) throws Corrupt {
        byte[] hashes = new byte[head.blocks() * Hash.BYTES];
        if (bytes.remaining() < Block.BYTES + hashes.length) {
            throw head.refuse("a header of " + hashes.length + " bytes", bytes.remaining() - Block.BYTES);
        }
        bytes.get(bytes.position() + Block.BYTES, hashes);
        ChunkHeader header = ChunkHeader.of(hashes);
        if (!header.id().equals(head.id())) {
            throw head.refuse("its header", "that of " + header.id());
        }
        return header;
    }
}
