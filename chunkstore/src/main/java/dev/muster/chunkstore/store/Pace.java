package dev.muster.chunkstore.store;

import java.util.function.LongSupplier;

/// Slows work down to so many bytes a second. What was not used up while nothing was done is lost. For one thread.
final class Pace {
    private static final long NANOS_PER_SECOND = 1_000_000_000L;

    private final long bytesPerSecond;
    private final LongSupplier nanoTime;
    private final Sleeper sleeper;
    private long next;

    Pace(long bytesPerSecond) {
        this(bytesPerSecond, System::nanoTime, nanos -> Thread.sleep(nanos / 1_000_000, (int) (nanos % 1_000_000)));
    }

    Pace(long bytesPerSecond, LongSupplier nanoTime, Sleeper sleeper) {
        if (bytesPerSecond < 1) {
            throw new IllegalArgumentException("a pace is at least one byte a second, not " + bytesPerSecond);
        }
        this.bytesPerSecond = bytesPerSecond;
        this.nanoTime = nanoTime;
        this.sleeper = sleeper;
        this.next = nanoTime.getAsLong();
    }

    /// Waits for as long as is asked.
    @FunctionalInterface
    interface Sleeper {
        void sleep(long nanos) throws InterruptedException;
    }

    /// So many bytes were worked on: waits until more may be.
    void spend(int bytes) throws InterruptedException {
        long now = nanoTime.getAsLong();
        next = Math.max(next, now) + bytes * NANOS_PER_SECOND / bytesPerSecond;
        if (next > now) {
            sleeper.sleep(next - now);
        }
    }
}
