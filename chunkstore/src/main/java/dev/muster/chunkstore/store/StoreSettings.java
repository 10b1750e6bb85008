package dev.muster.chunkstore.store;

import java.time.Duration;

/// What an operator may choose about a store. Formats do not depend on it.
///
/// @param segmentBytes how large a segment becomes; reserved on the disk when it is begun
/// @param commitBytes how much is written before it is made durable
/// @param commitInterval how long anything written waits before it is made durable
/// @param pendingBytesMax how much may be written and not yet durable before `put` waits
/// @param reserveBytes what is left free of chunks, so that journal, manifests and refs can be written to a full disk
/// @param journalBytesMax how long the journal grows before a snapshot takes its place
public record StoreSettings(
        long segmentBytes,
        long reserveBytes,
        long commitBytes,
        Duration commitInterval,
        long pendingBytesMax,
        long journalBytesMax) {
    private static final long SEGMENT_BYTES_MIN = 4L << 20;
    private static final long SEGMENT_BYTES_MAX = 1L << 40;

    public StoreSettings {
        if (segmentBytes < SEGMENT_BYTES_MIN || segmentBytes > SEGMENT_BYTES_MAX) {
            throw new IllegalArgumentException("a segment has 4 MiB to 1 TiB, not " + segmentBytes + " bytes");
        }
        if (reserveBytes < 0
                || commitBytes < 1
                || pendingBytesMax < commitBytes
                || journalBytesMax < 1
                || commitInterval.isNegative()) {
            throw new IllegalArgumentException("limits of a store are positive, and may pend no less than one commit");
        }
    }

    public static StoreSettings defaults() {
        return new StoreSettings(256L << 20, 64L << 20, 16L << 20, Duration.ofMillis(200), 64L << 20, 16L << 20);
    }
}
