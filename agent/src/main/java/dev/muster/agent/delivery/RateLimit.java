package dev.muster.agent.delivery;

import java.util.concurrent.locks.LockSupport;

/// A token bucket that many threads wait for: bytes a second, with a burst of [#BURST_NANOS]. A caller takes its tokens
/// first and sleeps until they are due, so waiting is fair and a large message cannot starve.
public final class RateLimit {
    private static final long SECOND = 1_000_000_000L;
    private static final long BURST_NANOS = SECOND / 20;

    /// When the tokens given out so far are all due.
    private long due = System.nanoTime() - BURST_NANOS;

    private volatile long bytesPerSecond;

    /// @param bytesPerSecond 0: no limit
    public RateLimit(long bytesPerSecond) {
        this.bytesPerSecond = bytesPerSecond;
    }

    /// Takes effect with the next bytes.
    public void set(long bytesPerSecond) {
        this.bytesPerSecond = bytesPerSecond;
    }

    /// Returns when `bytes` more may be sent.
    public void take(long bytes) throws InterruptedException {
        long rate = bytesPerSecond;
        if (rate == 0) {
            return;
        }
        long until = reserve(Math.round(bytes * (double) SECOND / rate));
        for (long left = until - System.nanoTime(); left > 0; left = until - System.nanoTime()) {
            LockSupport.parkNanos(left);
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
        }
    }

    private synchronized long reserve(long nanos) {
        due = Math.max(due, System.nanoTime() - BURST_NANOS) + nanos;
        return due;
    }
}
