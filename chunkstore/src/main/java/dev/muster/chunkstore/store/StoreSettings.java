package dev.muster.chunkstore.store;

import java.time.Duration;

/// What an operator may choose about a store. Formats do not depend on it: a store may hold what was written
/// under other settings.
///
/// @param segmentBytes how large a segment becomes, less on a small disk; reserved when it is begun
/// @param payload how chunks are written
/// @param quota how much of the disk it may take
/// @param journalBytesMax how long the journal grows before a snapshot takes its place
public record StoreSettings(long segmentBytes, Payload payload, Quota quota, Commit commit, long journalBytesMax) {
    static final long SEGMENT_BYTES_MIN = 4L << 20;
    private static final long SEGMENT_BYTES_MAX = 1L << 40;

    /// What a chunk's record holds.
    public enum Payload {
        /// Its frames, as they came: the least room.
        ZSTD,
        /// Its blocks, plain: targets on the same file system can share them, where it can (xfs, btrfs). What was
        /// stored so is not offered to be shared under the other setting.
        RAW
    }

    /// How often what was written is made durable.
    ///
    /// @param bytes how much is written before
    /// @param interval how long anything written waits
    /// @param pendingBytesMax how much may be written and not yet durable before `put` waits
    public record Commit(long bytes, Duration interval, long pendingBytesMax) {
        public Commit {
            if (bytes < 1 || pendingBytesMax < bytes || interval.isNegative()) {
                throw new IllegalArgumentException("limits of a commit are positive, and no less may pend than one");
            }
        }
    }

    public StoreSettings {
        if (segmentBytes < SEGMENT_BYTES_MIN || segmentBytes > SEGMENT_BYTES_MAX) {
            throw new IllegalArgumentException("a segment has 4 MiB to 1 TiB, not " + segmentBytes + " bytes");
        }
        if (journalBytesMax < 1) {
            throw new IllegalArgumentException("a journal has a length, not " + journalBytesMax);
        }
    }

    /// With chunks as they come, and no limit but the disk.
    public StoreSettings(
            long segmentBytes,
            long minFreeBytes,
            long commitBytes,
            Duration commitInterval,
            long pendingBytesMax,
            long journalBytesMax) {
        this(
                segmentBytes,
                Payload.ZSTD,
                new Quota(0, minFreeBytes),
                new Commit(commitBytes, commitInterval, pendingBytesMax),
                journalBytesMax);
    }

    public static StoreSettings defaults() {
        return new StoreSettings(256L << 20, 64L << 20, 16L << 20, Duration.ofMillis(200), 64L << 20, 16L << 20);
    }

    public StoreSettings withPayload(Payload other) {
        return new StoreSettings(segmentBytes, other, quota, commit, journalBytesMax);
    }

    public StoreSettings withQuota(Quota other) {
        return new StoreSettings(segmentBytes, payload, other, commit, journalBytesMax);
    }

    long commitBytes() {
        return commit.bytes;
    }

    Duration commitInterval() {
        return commit.interval;
    }

    long pendingBytesMax() {
        return commit.pendingBytesMax;
    }
}
