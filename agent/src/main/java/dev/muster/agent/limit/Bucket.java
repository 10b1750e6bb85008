package dev.muster.agent.limit;

/// A token bucket: so many bytes a second, and what was not used of the last [#BURST_NANOS]. Not safe for threads.
final class Bucket {
    static final long SECOND = 1_000_000_000L;

    /// How long an idle link saves up. Short, so that the limit holds in every second.
    static final long BURST_NANOS = SECOND / 50;

    private long bytesPerSecond;

    /// Until when all that was taken is paid for.
    private long due;

    /// @param bytesPerSecond 0: no limit
    Bucket(long bytesPerSecond, long now) {
        this.bytesPerSecond = bytesPerSecond;
        this.due = now - BURST_NANOS;
    }

    /// From the next bytes on.
    void limit(long other) {
        bytesPerSecond = other;
    }

    /// How long to wait before anything more may be taken; 0 or less: now.
    long delay(long now) {
        return bytesPerSecond == 0 ? 0 : due - now;
    }

    /// Takes any number of bytes, whose time the next one waits for.
    void take(long bytes, long now) {
        if (bytesPerSecond > 0) {
            due = Math.max(due, now - BURST_NANOS) + (long) Math.ceil((double) bytes * SECOND / bytesPerSecond);
        }
    }
}
