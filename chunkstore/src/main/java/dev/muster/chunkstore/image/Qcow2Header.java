package dev.muster.chunkstore.image;

import dev.muster.protocol.MusterException.BadConfiguration;
import dev.muster.protocol.MusterException.Corrupt;
import dev.muster.protocol.content.ImageShape;
import java.io.IOException;
import java.nio.ByteBuffer;

/// What the first cluster of a qcow2 file says, checked; see "Qcow2 Image File Format" in QEMU's documentation.
///
/// @param length of the guest's disk, in bytes
/// @param l1Entries how many entries of the first table the disk needs; the file may have more
/// @param l1Offset where the first table lies in the file
/// @param zstd whether compressed clusters are zstd and not deflate
record Qcow2Header(int version, int clusterBits, long length, int l1Entries, long l1Offset, boolean zstd) {
    private static final int MAGIC = 0x514649fb;
    private static final int V2_BYTES = 72;
    private static final int V3_BYTES = 104;
    private static final int CLUSTER_BITS_MIN = 9;
    private static final int CLUSTER_BITS_MAX = 21;
    /// QEMU's own limit: 32 MiB.
    private static final int L1_ENTRIES_MAX = 4 << 20;

    private static final long DIRTY = 1;
    private static final long CORRUPT = 1 << 1;
    private static final long EXTERNAL_DATA = 1 << 2;
    private static final long COMPRESSION_TYPE = 1 << 3;
    private static final long EXTENDED_L2 = 1 << 4;
    private static final long KNOWN = DIRTY | CORRUPT | EXTERNAL_DATA | COMPRESSION_TYPE | EXTENDED_L2;

    int clusterBytes() {
        return 1 << clusterBits;
    }

    /// How many guest clusters one table of the second level speaks of.
    int l2Entries() {
        return clusterBytes() / Long.BYTES;
    }

    static boolean begins(InputFile file) throws IOException {
        return file.length() >= Integer.BYTES && file.read(0, Integer.BYTES).getInt() == MAGIC;
    }

    /// @throws BadConfiguration for a file that may be sound and is more than is read here
    /// @throws Corrupt for one that is not sound
    static Qcow2Header read(InputFile file) throws IOException {
        need(file, V2_BYTES);
        ByteBuffer head = file.read(0, V2_BYTES);
        int version = head.getInt(4);
        if (version != 2 && version != 3) {
            throw refused(file, "version 2 or 3", "version " + Integer.toUnsignedString(version));
        }
        if (head.getLong(8) != 0) {
            throw refused(file, "a disk that is whole", "a backing file; make it whole with qemu-img convert");
        }
        int clusterBits = head.getInt(20);
        if (clusterBits < CLUSTER_BITS_MIN || clusterBits > CLUSTER_BITS_MAX) {
            throw corrupt(file, "clusters of 2^9 to 2^21 bytes", "2^" + Integer.toUnsignedString(clusterBits));
        }
        if (head.getInt(32) != 0) {
            throw refused(file, "a disk in clear", "encryption method " + Integer.toUnsignedString(head.getInt(32)));
        }
        boolean zstd = version == 3 && readFeatures(file);
        long length = head.getLong(24);
        if (length < 1 || length > ImageShape.LENGTH_MAX) {
            throw corrupt(file, "a disk of 1 byte to 256 TiB", Long.toUnsignedString(length) + " bytes");
        }
        long perEntry = (1L << clusterBits) * (1L << clusterBits) / Long.BYTES;
        long needed = Math.ceilDiv(length, perEntry);
        long found = Integer.toUnsignedLong(head.getInt(36));
        if (needed > found || needed > L1_ENTRIES_MAX) {
            throw corrupt(file, "a first table of " + needed + " entries, at most " + L1_ENTRIES_MAX, found);
        }
        long l1Offset = head.getLong(40);
        if (l1Offset % (1L << clusterBits) != 0 || l1Offset == 0 || !file.holds(l1Offset, needed * Long.BYTES)) {
            throw corrupt(
                    file,
                    needed + " entries of the first table, on a cluster and inside the file's " + file.length()
                            + " bytes",
                    "them at " + Long.toUnsignedString(l1Offset));
        }
        return new Qcow2Header(version, clusterBits, length, (int) needed, l1Offset, zstd);
    }

    /// Whether compression is zstd; the rest of version 3 is checked.
    private static boolean readFeatures(InputFile file) throws IOException {
        need(file, V3_BYTES);
        ByteBuffer head = file.read(0, V3_BYTES);
        long headerBytes = Integer.toUnsignedLong(head.getInt(100));
        if (headerBytes < V3_BYTES || headerBytes % 8 != 0) {
            throw corrupt(file, "a header of at least 104 bytes, a multiple of 8", headerBytes + " bytes");
        }
        long features = head.getLong(72);
        if ((features & CORRUPT) != 0) {
            throw corrupt(file, "a file in order", "one marked as corrupt; try qemu-img check -r all");
        }
        if ((features & EXTERNAL_DATA) != 0) {
            throw refused(file, "a disk that is whole", "an external data file");
        }
        if ((features & EXTENDED_L2) != 0) {
            throw refused(file, "no features but compression", "extended L2 entries");
        }
        if ((features & ~KNOWN) != 0) {
            int bit = Long.numberOfTrailingZeros(features & ~KNOWN);
            throw refused(file, "known features", "incompatible feature bit " + bit);
        }
        int type = headerBytes > V3_BYTES && file.holds(V3_BYTES, 1)
                ? file.read(V3_BYTES, 1).get()
                : 0;
        boolean named = (features & COMPRESSION_TYPE) != 0;
        if (named != (type != 0)) {
            throw corrupt(file, "a compression type where its feature bit is set", "type " + type);
        }
        if (type > 1 || type < 0) {
            throw refused(
                    file, "compression by deflate or zstd", "compression type " + Byte.toUnsignedInt((byte) type));
        }
        return type == 1;
    }

    static Corrupt corrupt(InputFile file, String expected, Object found) {
        return new Corrupt(file.path() + ": qcow2: expected " + expected + ", found " + found);
    }

    private static BadConfiguration refused(InputFile file, String expected, String found) {
        return new BadConfiguration(file.path() + ": qcow2: expected " + expected + ", found " + found);
    }

    private static void need(InputFile file, int bytes) throws Corrupt {
        if (!file.holds(0, bytes)) {
            throw corrupt(file, "a header of " + bytes + " bytes", file.length() + " bytes");
        }
    }
}
