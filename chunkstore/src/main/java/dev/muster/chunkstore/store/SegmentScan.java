package dev.muster.chunkstore.store;

import dev.muster.chunkstore.disk.DiskFile;
import dev.muster.protocol.MusterException.Corrupt;
import dev.muster.protocol.content.Block;
import dev.muster.protocol.content.Chunk;
import dev.muster.protocol.content.ChunkId;
import dev.muster.protocol.content.Hash;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What lies in a segment, found without any index: forward in steps of 4 KiB, from one record to the next. Behind a
/// stretch that is damaged, or that nothing was ever written to, it goes on at the next head that is right. A head says
/// where it is meant to lie, so that a record in a guest's disk is not taken for one.
///
/// @param records those that are right, in order
/// @param damaged what has a head that is right and nothing else
/// @param end the first block behind all of these
/// @param problems what is wrong with the damaged ones, and blocks that the disk cannot read
record SegmentScan(
        List<SegmentFormat.Entry> records, List<SegmentFormat.Entry> damaged, int end, List<String> problems) {
    /// `MSTRRECD`, the first bytes of a record.
    private static final long MAGIC = 0x4443_4552_5254_534dL;

    private static final int ID_AT = 12;
    private static final int WINDOW_BLOCKS = 8 * SegmentRecord.BLOCKS_MAX;
    private static final int PROBLEMS_MAX = 1000;

    SegmentScan {
        records = List.copyOf(records);
        damaged = List.copyOf(damaged);
        problems = List.copyOf(problems);
    }

    /// Scans a segment, whatever its first block says.
    static SegmentScan of(DiskFile file, int segment) throws IOException {
        return new Scanner(file, segment).scan();
    }

    private static final class Scanner {
        private final DiskFile file;
        private final int segment;
        private final int blocks;
        private final ByteBuffer window = ByteBuffer.allocate(WINDOW_BLOCKS * Block.BYTES);
        private final List<SegmentFormat.Entry> records = new ArrayList<>();
        private final List<SegmentFormat.Entry> damaged = new ArrayList<>();
        private final List<String> problems = new ArrayList<>();
        private int windowStart;
        private int end = 1;

        Scanner(DiskFile file, int segment) throws IOException {
            this.file = file;
            this.segment = segment;
            this.blocks = (int) Math.min(Integer.MAX_VALUE, file.size() / Block.BYTES);
            window.limit(0);
        }

        SegmentScan scan() throws IOException {
            int at = 1;
            while (at < blocks) {
                int next = next(at);
                end = next > at + 1 ? next : end;
                at = next;
            }
            return new SegmentScan(records, damaged, end, problems);
        }

        /// Looks for a record at block `at`.
        ///
        /// @return where to look next
        private int next(int at) throws IOException {
            fill(at);
            ByteBuffer bytes = from(at);
            if (bytes.getLong(0) != MAGIC) {
                return at + 1;
            }
            RecordHead head;
            try {
                head = head(at, bytes);
            } catch (Corrupt e) {
                problem(e);
                return at + 1;
            }
            ChunkId id = head.id();
            Place place = new Place(segment, at, blocksOf(head));
            if (place.end() > blocks) {
                problem(head.refuse(place.blocks() + " blocks", blocks - at));
                damaged.add(new SegmentFormat.Entry(id, place));
                return blocks;
            }
            try {
                Optional<Chunk> _ = SegmentRecord.decodeAny(id, place, bytes.slice(0, place.bytes()));
                records.add(new SegmentFormat.Entry(id, place));
            } catch (Corrupt e) {
                problem(e);
                damaged.add(new SegmentFormat.Entry(id, place));
            }
            return place.end();
        }

        private RecordHead head(int at, ByteBuffer bytes) throws Corrupt {
            ChunkId id = new ChunkId(Hash.get(bytes.duplicate().position(ID_AT)));
            // How long it is, the head itself will say.
            return RecordHead.decode(id, new Place(segment, at, SegmentRecord.BLOCKS_MAX), bytes);
        }

        private static int blocksOf(RecordHead head) {
            return SegmentRecord.headBlocks(head.blocks()) + Math.ceilDiv(head.payloadBytes(), Block.BYTES);
        }

        private void problem(Corrupt e) {
            if (problems.size() < PROBLEMS_MAX) {
                problems.add(Findings.message(e));
            }
        }

        /// What the window holds from a block on.
        private ByteBuffer from(int at) {
            int offset = (at - windowStart) * Block.BYTES;
            return window.slice(offset, window.limit() - offset).order(ByteOrder.LITTLE_ENDIAN);
        }

        /// Makes the window hold whatever record may start at a block.
        private void fill(int at) throws IOException {
            int held = window.limit() / Block.BYTES;
            int wanted = Math.min(SegmentRecord.BLOCKS_MAX, blocks - at);
            if (at >= windowStart && at + wanted <= windowStart + held) {
                return;
            }
            windowStart = at;
            window.clear().limit(Math.min(WINDOW_BLOCKS, blocks - at) * Block.BYTES);
            try {
                file.read(window.duplicate(), (long) at * Block.BYTES);
            } catch (IOException _) {
                readBlockByBlock(at);
            }
        }

        /// What a failing disk still gives; zeros for the rest.
        private void readBlockByBlock(int at) {
            for (int i = 0; i < window.limit() / Block.BYTES; i++) {
                ByteBuffer block = window.slice(i * Block.BYTES, Block.BYTES);
                try {
                    file.read(block, (long) (at + i) * Block.BYTES);
                } catch (IOException e) {
                    problems.add("block " + (at + i) + ": expected bytes, found none: " + e);
                    block.clear().put(new byte[Block.BYTES]);
                }
            }
        }
    }
}
