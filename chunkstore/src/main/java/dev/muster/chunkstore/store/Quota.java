package dev.muster.chunkstore.store;

/// How much of a disk a store may take. When it is used up, what nothing keeps is collected, down to nine tenths.
///
/// @param maxBytes how much the records of chunks may take; 0 for as much as there is
/// @param minFreeBytes what is left free of chunks, so that journal, manifests and refs, and others, can still write
public record Quota(long maxBytes, long minFreeBytes) {
    private static final int LOW_WATER_PERCENT = 90;

    public Quota {
        if (maxBytes < 0 || minFreeBytes < 0) {
            throw new IllegalArgumentException(
                    "limits of a store are positive, not " + maxBytes + " or " + minFreeBytes);
        }
    }

    /// How much more chunks may be written, as far as `maxBytes` goes, if they take `used` bytes now.
    long room(long used) {
        return maxBytes == 0 ? Long.MAX_VALUE : Math.max(0, maxBytes - used);
    }

    /// How much the chunks may take, if they take `used` bytes now and the disk has `free` bytes left.
    long limit(long used, long free) {
        long disk = Math.max(0, used + free - minFreeBytes);
        return maxBytes == 0 ? disk : Math.min(maxBytes, disk);
    }

    /// How far below a limit a collection goes.
    static long lowWater(long limit) {
        return limit / 100 * LOW_WATER_PERCENT;
    }
}
