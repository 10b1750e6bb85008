package dev.muster.chunkstore.store;

import dev.muster.chunkstore.disk.Disk;
import dev.muster.chunkstore.disk.DiskFile;
import dev.muster.protocol.MusterException.Corrupt;
import dev.muster.protocol.codec.ByteReader;
import dev.muster.protocol.codec.ByteWriter;
import dev.muster.protocol.content.Block;
import dev.muster.protocol.content.ChunkId;
import dev.muster.protocol.content.Hash;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// The first and the last blocks of a segment, which say what it is and what is in it. The layout is in this package's
/// documentation.
final class SegmentFormat {
    private static final String MAGIC = "MSTRSEGM";
    private static final String FOOTER_MAGIC = "MSTRSEAL";
    private static final int FOOTER_FIXED_BYTES = 36;
    private static final int FOOTER_ENTRY_BYTES = 40;
    private static final int TRAILER_BYTES = 16;
    private static final int FOOTER_BYTES_MAX = 1 << 30;

    private SegmentFormat() {}

    /// One line of the footer.
    record Entry(ChunkId id, Place place) {}

    /// The first 4 KiB.
    static byte[] encodeHeader(StoreId store, int segment) {
        ByteWriter out = new ByteWriter(Block.BYTES).magic(MAGIC).u16(1).u16(0).u32(segment);
        store.write(out);
        return Checksum.append(out.zeros(Block.BYTES - Checksum.BYTES - out.size()));
    }

    static String fileName(int segment) {
        return String.format(Locale.ROOT, "%08d.seg", segment);
    }

    /// Opens a segment of this store.
    ///
    /// @throws Corrupt if the file is something else
    static DiskFile open(Disk disk, Path directory, StoreId store, int segment) throws IOException {
        DiskFile file = disk.open(directory.resolve(fileName(segment)));
        try {
            Header expected = new Header(store, segment);
            Header found = readHeader(segment, file);
            if (!found.equals(expected)) {
                throw new Corrupt("segment " + segment + ": expected " + expected + ", found " + found);
            }
            return file;
        } catch (IOException e) {
            file.close();
            throw e;
        }
    }

    /// What the first 4 KiB of a segment say.
    record Header(StoreId store, int segment) {
        @Override
        public String toString() {
            return "segment " + segment + " of store " + store;
        }
    }

    /// @param segment the number that the file's name says
    /// @throws Corrupt if it is not the header of a segment
    static Header readHeader(int segment, DiskFile file) throws IOException {
        if (file.size() < Block.BYTES) {
            throw new Corrupt("segment " + segment + ": expected a header of 4096 bytes, found " + file.size());
        }
        ByteBuffer block = ByteBuffer.allocate(Block.BYTES);
        file.read(block, 0);
        ByteReader in = Checksum.check("segment " + segment, block.flip());
        Checksum.header(in, MAGIC);
        int number = in.u32(Integer.MAX_VALUE);
        StoreId store = StoreId.read(in);
        in.zeros(in.remaining());
        return new Header(store, number);
    }

    /// How many blocks the footer of so many records takes.
    static int footerBlocks(int records) {
        return Math.ceilDiv(
                FOOTER_FIXED_BYTES + records * FOOTER_ENTRY_BYTES + Checksum.BYTES + TRAILER_BYTES, Block.BYTES);
    }

    /// The last blocks, which start at block `first`.
    static byte[] encodeFooter(StoreId store, int segment, int first, List<Entry> entries) {
        int bytes = footerBlocks(entries.size()) * Block.BYTES;
        ByteWriter out = new ByteWriter(bytes).magic(FOOTER_MAGIC).u16(1).u16(0).u32(segment);
        store.write(out);
        out.u32(entries.size());
        for (Entry entry : entries) {
            entry.id().hash().write(out);
            out.u32(entry.place().block()).u16(entry.place().blocks()).u16(0);
        }
        ByteWriter whole = new ByteWriter(bytes).bytes(Checksum.append(out));
        whole.zeros(bytes - TRAILER_BYTES - whole.size());
        ByteWriter trailer = new ByteWriter(TRAILER_BYTES).magic(FOOTER_MAGIC).u32(first);
        return whole.bytes(Checksum.append(trailer)).toBytes();
    }

    /// A sealed segment without records.
    static byte[] encodeEmpty(StoreId store, int segment) {
        return new ByteWriter(2 * Block.BYTES)
                .bytes(encodeHeader(store, segment))
                .bytes(encodeFooter(store, segment, 1, List.of()))
                .toBytes();
    }

    /// The records that the footer of a sealed segment names.
    ///
    /// @throws Corrupt if the file does not end in exactly what [#encodeFooter] makes
    static List<Entry> readFooter(StoreId store, int segment, DiskFile file) throws IOException {
        String what = "footer of segment " + segment;
        long size = file.size();
        if (size < 2L * Block.BYTES || size % Block.BYTES != 0) {
            throw new Corrupt(what + ": expected whole blocks, found " + size + " bytes");
        }
        ByteBuffer trailer = ByteBuffer.allocate(TRAILER_BYTES);
        file.read(trailer, size - TRAILER_BYTES);
        ByteReader end = Checksum.check(what, trailer.flip());
        end.magic(FOOTER_MAGIC);
        long first = end.u32();
        long bytes = size - first * Block.BYTES;
        if (bytes < Block.BYTES || bytes > FOOTER_BYTES_MAX) {
            throw end.refuse("the block where it starts", first);
        }
        ByteBuffer footer = ByteBuffer.allocate((int) bytes);
        file.read(footer, first * Block.BYTES);
        ByteReader in = new ByteReader(what, footer.flip());
        Checksum.header(in, FOOTER_MAGIC);
        in.u32(segment);
        store.expect(in);
        int count = in.count(FOOTER_BYTES_MAX / FOOTER_ENTRY_BYTES, FOOTER_ENTRY_BYTES);
        List<Entry> entries = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            ChunkId id = new ChunkId(Hash.read(in));
            entries.add(new Entry(id, JournalRecord.readPlace(segment, in)));
            in.zeros(2);
        }
        if (!ByteBuffer.wrap(encodeFooter(store, segment, (int) first, entries)).equals(footer.rewind())) {
            throw in.refuse("the checksum and nothing behind it", "other bytes");
        }
        return entries;
    }
}
