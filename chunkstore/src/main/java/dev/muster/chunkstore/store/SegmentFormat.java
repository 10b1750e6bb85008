package dev.muster.chunkstore.store;

import dev.muster.chunkstore.disk.Disk;
import dev.muster.chunkstore.disk.DiskFile;
import dev.muster.protocol.MusterException.Corrupt;
import dev.muster.protocol.codec.ByteReader;
import dev.muster.protocol.codec.ByteWriter;
import dev.muster.protocol.content.Block;
import dev.muster.protocol.content.ChunkId;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
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
            ByteBuffer header = ByteBuffer.allocate(Block.BYTES);
            file.read(header, 0);
            checkHeader(store, segment, header.flip());
            return file;
        } catch (IOException e) {
            file.close();
            throw e;
        }
    }

    private static void checkHeader(StoreId store, int segment, ByteBuffer block) throws Corrupt {
        ByteReader in = Checksum.check("segment " + segment, block);
        Checksum.header(in, MAGIC);
        long found = in.u32();
        if (found != segment) {
            throw in.refuse("segment " + segment, "segment " + found);
        }
        store.expect(in);
        in.zeros(in.remaining());
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
}
