package dev.muster.chunkstore.image;

/// Where one guest cluster of a qcow2 file is.
sealed interface Qcow2Cluster {
    /// Bit 62 of an entry.
    long COMPRESSED = 1L << 62;
    /// Bits 9 to 55: where a cluster lies in the file.
    long OFFSET = 0x00ff_ffff_ffff_fe00L;
    /// Bit 63 says that the cluster has one owner, which matters to writers only.
    long OWNED = 1L << 63;
    /// Bit 0, from version 3 on.
    long READS_AS_ZERO = 1;

    /// In the file as it is.
    record Plain(long offset) implements Qcow2Cluster {}

    /// In the file, compressed.
    ///
    /// @param bytesMax what it may take there: up to the end of its last sector, of which it need not use all
    record Packed(long offset, long bytesMax) implements Qcow2Cluster {}

    /// Zeros that were written.
    record Zero() implements Qcow2Cluster {}

    /// Never written, or given back.
    record Absent() implements Qcow2Cluster {}

    /// Anything that the format leaves undefined, so that reading on would be guessing.
    record Undefined() implements Qcow2Cluster {}

    /// What an entry of a table of the second level says.
    static Qcow2Cluster of(long entry, Qcow2Header header) {
        if ((entry & COMPRESSED) != 0) {
            int sectorShift = 62 - (header.clusterBits() - 8);
            long offset = entry & ((1L << sectorShift) - 1);
            long sectors = (entry & (COMPRESSED - 1)) >>> sectorShift;
            return new Packed(offset, (sectors + 1) * 512 - offset % 512);
        }
        long flags = header.version() == 3 ? READS_AS_ZERO : 0;
        if ((entry & ~(OFFSET | OWNED | flags)) != 0) {
            return new Undefined();
        }
        long offset = entry & OFFSET;
        if ((entry & flags) != 0) {
            return new Zero();
        }
        if (offset == 0) {
            return new Absent();
        }
        return offset % header.clusterBytes() == 0 ? new Plain(offset) : new Undefined();
    }

    /// What is known of such a cluster without reading it.
    default Run.Kind kind() {
        return switch (this) {
            case Plain _, Packed _, Undefined _ -> Run.Kind.DATA;
            case Zero() -> Run.Kind.ZERO;
            case Absent() -> Run.Kind.HOLE;
        };
    }
}
