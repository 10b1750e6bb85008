package dev.muster.bench.sim;

/// A link or a disk that takes one thing after the other.
final class Pipe {
    private static final double NANOS = 1e9;

    private final double nanosPerByte;
    private long free;
    private long bytes;

    Pipe(long bytesPerSecond) {
        this.nanosPerByte = NANOS / bytesPerSecond;
    }

    /// How long it works on so many bytes.
    long nanos(long length) {
        return (long) (length * nanosPerByte);
    }

    /// Takes something in whose first byte comes at `start` and whose last comes at `end`.
    ///
    /// @return when the last byte has gone out
    long pass(long start, long end, long length) {
        long out = Math.max(end, Math.max(start, free) + nanos(length));
        free = out;
        bytes += length;
        return out;
    }

    /// How many bytes it took.
    long bytes() {
        return bytes;
    }
}
