package dev.muster.agent.limit;

/// A token bucket: so many bytes a second, and what was not used of a time just before. Not safe for threads.
final class Bucket {
    static final long SECOND = 1_000_000_000L;

    /// For how long a sender saves up what it does not use: short, for it can be told when to go on.
    static final long SENDING_NANOS = SECOND / 50;

    /// For how long a receiver does: what comes after a rest takes a while to come.
    static final long RECEIVING_NANOS = SECOND / 5;

    private final long savedNanos;
    private long bytesPerSecond;

    /// Until when all that was taken is paid for.
    private long due;

    /// @param bytesPerSecond 0: no limit
    Bucket(long bytesPerSecond, long savedNanos, long now) {
        this.bytesPerSecond = bytesPerSecond;
        this.savedNanos = savedNanos;
        this.due = now - savedNanos;
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
            due = Math.max(due, now - savedNanos) + (long) Math.ceil((double) bytes * SECOND / bytesPerSecond);
        }
    }
}
