package dev.muster.chunkstore.image;

import com.github.luben.zstd.Zstd;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.zip.Deflater;

/// Writes small qcow2 files, plainly, straight from the format's description: header, one first table, second tables,
/// clusters. No reference counts, which readers do not need.
final class Qcow2Fixture {
    static final int VERSION = 4;
    static final int BACKING_FILE = 8;
    static final int CLUSTER_BITS = 20;
    static final int LENGTH = 24;
    static final int ENCRYPTION = 32;
    static final int L1_ENTRIES = 36;
    static final int L1_OFFSET = 40;
    static final int FEATURES = 72;
    static final int HEADER_BYTES = 100;
    static final int COMPRESSION_TYPE = 104;

    private final int clusterBits;
    private final ByteBuffer out;
    private final int l1;
    private int end;

    Qcow2Fixture(int version, int clusterBits, long length, boolean zstd) {
        this.clusterBits = clusterBits;
        this.out = ByteBuffer.allocate(1 << 20).order(ByteOrder.BIG_ENDIAN);
        int clusterBytes = 1 << clusterBits;
        int entries = (int) Math.ceilDiv(length, clusterBytes * (clusterBytes / 8L));
        out.putInt(0, 0x514649fb).putInt(VERSION, version);
        out.putInt(CLUSTER_BITS, clusterBits).putLong(LENGTH, length);
        this.l1 = clusterBytes;
        out.putInt(L1_ENTRIES, entries).putLong(L1_OFFSET, l1);
        if (version == 3) {
            out.putInt(HEADER_BYTES, 112).putInt(96, 4);
            out.putLong(FEATURES, zstd ? 8 : 0).put(COMPRESSION_TYPE, (byte) (zstd ? 1 : 0));
        }
        this.end = clusterBytes + Math.ceilDiv(entries * 8, clusterBytes) * clusterBytes;
    }

    /// A guest cluster that lies in the file as it is.
    Qcow2Fixture plain(int cluster, byte[] bytes) {
        int table = table(cluster);
        alignEnd();
        out.putLong(table, 1L << 63 | end);
        out.put(end, bytes);
        end += 1 << clusterBits;
        return this;
    }

    /// A guest cluster that is compressed with raw deflate, or zstd.
    Qcow2Fixture packed(int cluster, byte[] bytes, boolean zstd) {
        byte[] packed = zstd ? Zstd.compress(bytes) : deflate(bytes);
        int table = table(cluster);
        long sectors = ((long) end % 512 + packed.length - 1) / 512;
        out.putLong(table, 1L << 62 | sectors << (62 - (clusterBits - 8)) | end);
        out.put(end, packed);
        end += packed.length;
        return this;
    }

    /// A guest cluster of version 3 that reads as zeros.
    Qcow2Fixture zero(int cluster) {
        return entry(cluster, 1);
    }

    Qcow2Fixture entry(int cluster, long entry) {
        out.putLong(table(cluster), entry);
        return this;
    }

    /// The file, as it stands.
    ByteBuffer file() {
        return out.duplicate().order(ByteOrder.BIG_ENDIAN).limit(end);
    }

    private int table(int cluster) {
        int perTable = 1 << (clusterBits - 3);
        int slot = l1 + cluster / perTable * 8;
        if (out.getLong(slot) == 0) {
            alignEnd();
            out.putLong(slot, 1L << 63 | end);
            end += 1 << clusterBits;
        }
        return (int) (out.getLong(slot) & Integer.MAX_VALUE) + cluster % perTable * 8;
    }

    private void alignEnd() {
        end = Math.ceilDiv(end, 1 << clusterBits) << clusterBits;
    }

    private static byte[] deflate(byte[] bytes) {
        Deflater deflater = new Deflater(Deflater.DEFAULT_COMPRESSION, true);
        try {
            byte[] out = new byte[2 * bytes.length + 64];
            deflater.setInput(bytes);
            deflater.finish();
            int length = deflater.deflate(out);
            return Arrays.copyOf(out, length);
        } finally {
            deflater.end();
        }
    }
}
