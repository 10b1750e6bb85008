package dev.muster.chunkstore.image;

import dev.muster.chunkstore.codec.ForeignFrame;
import dev.muster.protocol.MusterException.Corrupt;
import dev.muster.protocol.content.ImageShape;
import dev.muster.protocol.content.Recipe;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.LongBuffer;
import java.util.Objects;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/// The active layer of a qcow2 file. Guest clusters are found through two levels of tables, of which the first is in
/// memory and the second in a bounded cache; reference counts and snapshots are a writer's business and not read.
final class Qcow2Image implements DiskImage {
    private static final int TABLE_CACHE_BYTES = 16 << 20;
    private static final int CLUSTER_CACHE_BYTES = 8 << 20;
    private static final int SLOTS_MAX = 1024;

    private final InputFile file;
    private final Qcow2Header header;
    private final LongBuffer l1;
    private final ImageShape shape;
    private final SlotCache<LongBuffer> tables;
    private final SlotCache<ByteBuffer> unpacked;

    private Qcow2Image(InputFile file, Qcow2Header header, LongBuffer l1, ImageShape shape) {
        this.file = file;
        this.header = header;
        this.l1 = l1;
        this.shape = shape;
        this.tables = new SlotCache<>(slots(TABLE_CACHE_BYTES, header));
        this.unpacked = new SlotCache<>(slots(CLUSTER_CACHE_BYTES, header));
    }

    static Qcow2Image open(InputFile file) throws IOException {
        Qcow2Header header = Qcow2Header.read(file);
        LongBuffer l1 =
                file.read(header.l1Offset(), header.l1Entries() * Long.BYTES).asLongBuffer();
        // Sector size and compression are known only once the disk can be read.
        Qcow2Image image = new Qcow2Image(file, header, l1, ImageShape.opaque(header.length()));
        Recipe recipe = new Recipe.Qcow2(header.version(), header.clusterBits(), image.isCompressed());
        int sectorBytes = Sectors.of(file.path().toString(), header.length(), image::read);
        ImageShape shape = new ImageShape(ImageShape.Kind.DISK, header.length(), sectorBytes, recipe);
        return new Qcow2Image(file, header, l1, shape);
    }

    @Override
    public ImageShape shape() {
        return shape;
    }

    @Override
    public void read(long offset, ByteBuffer into) throws IOException {
        Objects.checkFromIndexSize(offset, (long) into.remaining(), header.length());
        long at = offset;
        while (into.hasRemaining()) {
            int within = (int) (at % header.clusterBytes());
            int length = Math.min(into.remaining(), header.clusterBytes() - within);
            readWithin(at / header.clusterBytes(), within, into.slice(into.position(), length));
            into.position(into.position() + length);
            at += length;
        }
    }

    @Override
    public Run run(long offset) throws IOException {
        Objects.checkIndex(offset, header.length());
        long first = offset / header.clusterBytes();
        long next = first + 1;
        Run.Kind kind = Run.Kind.HOLE;
        if (tableOffset(first / header.l2Entries()) == 0) {
            next = (first / header.l2Entries() + 1) * header.l2Entries();
        } else {
            kind = cluster(first).kind();
            while (next % header.l2Entries() != 0
                    && next * header.clusterBytes() < header.length()
                    && cluster(next).kind() == kind) {
                next++;
            }
        }
        return new Run(offset, Math.min(next * header.clusterBytes(), header.length()) - offset, kind);
    }

    @Override
    public void checkUnchanged() throws IOException {
        file.checkUnchanged();
    }

    @Override
    public void close() throws IOException {
        file.close();
    }

    private void readWithin(long index, int within, ByteBuffer into) throws IOException {
        switch (cluster(index)) {
            case Qcow2Cluster.Zero(), Qcow2Cluster.Absent() -> into.put(new byte[into.remaining()]);
            case Qcow2Cluster.Plain(long at) -> {
                if (!file.holds(at + within, into.remaining())) {
                    throw corrupt(index, "a cluster inside the file's " + file.length() + " bytes", "it at " + at);
                }
                file.read(at + within, into);
            }
            case Qcow2Cluster.Packed packed ->
                into.put(unpacked.get(index, _ -> unpack(index, packed)).slice(within, into.remaining()));
            case Qcow2Cluster.Undefined() -> throw corrupt(index, "an entry that the format defines", "another");
        }
    }

    private Qcow2Cluster cluster(long index) throws IOException {
        long table = index / header.l2Entries();
        long offset = tableOffset(table);
        if (offset == 0) {
            return new Qcow2Cluster.Absent();
        }
        LongBuffer entries =
                tables.get(table, _ -> file.read(offset, header.clusterBytes()).asLongBuffer());
        return Qcow2Cluster.of(entries.get((int) (index % header.l2Entries())), header);
    }

    /// Where a table of the second level lies in the file; 0 if there is none.
    private long tableOffset(long table) throws Corrupt {
        long entry = l1.get((int) table);
        long offset = entry & Qcow2Cluster.OFFSET;
        if ((entry & ~(Qcow2Cluster.OFFSET | Qcow2Cluster.OWNED)) != 0
                || offset % header.clusterBytes() != 0
                || !file.holds(offset, header.clusterBytes())) {
            throw Qcow2Header.corrupt(
                    file,
                    "table " + table + " on a cluster and inside the file's " + file.length() + " bytes",
                    "entry 0x" + Long.toHexString(entry));
        }
        return offset;
    }

    private ByteBuffer unpack(long index, Qcow2Cluster.Packed packed) throws IOException {
        long length = Math.min(packed.bytesMax(), file.length() - packed.offset());
        if (length <= 0) {
            throw corrupt(index, "a cluster inside the file's " + file.length() + " bytes", "it at " + packed.offset());
        }
        byte[] bytes = file.read(packed.offset(), (int) length).array();
        byte[] out = new byte[header.clusterBytes()];
        try {
            if (header.zstd()) {
                ForeignFrame.decode(bytes, bytes.length, out);
            } else {
                inflate(bytes, out);
            }
        } catch (Corrupt | DataFormatException e) {
            throw new Corrupt(file.path() + ": qcow2: cluster " + index + ": " + e.getMessage(), e);
        }
        return ByteBuffer.wrap(out);
    }

    /// Fills `out` from raw deflate (RFC 1951); what follows it is no part of it.
    private static void inflate(byte[] bytes, byte[] out) throws DataFormatException, Corrupt {
        Inflater inflater = new Inflater(true);
        try {
            inflater.setInput(bytes);
            int count = 0;
            while (count < out.length) {
                int more = inflater.inflate(out, count, out.length - count);
                if (more == 0) {
                    throw new Corrupt("deflate: expected " + out.length + " bytes inside, found " + count);
                }
                count += more;
            }
        } finally {
            inflater.end();
        }
    }

    /// Whether the first cluster that has data is compressed: files are written one way throughout.
    private boolean isCompressed() throws IOException {
        for (long at = 0; at < header.length(); at = run(at).end()) {
            Qcow2Cluster first = cluster(at / header.clusterBytes());
            if (first.kind() == Run.Kind.DATA) {
                return first instanceof Qcow2Cluster.Packed;
            }
        }
        return false;
    }

    private Corrupt corrupt(long index, String expected, String found) {
        return Qcow2Header.corrupt(file, expected, found + ", cluster " + index);
    }

    private static int slots(int bytes, Qcow2Header header) {
        return Math.clamp(bytes / header.clusterBytes(), 1, SLOTS_MAX);
    }
}
