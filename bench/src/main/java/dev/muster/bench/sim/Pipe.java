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

    /// When the first byte of something passes a place, and when the last.
    record Passage(long first, long last) {}

    /// Takes something in that comes as it says; its first byte comes now.
    ///
    /// @return how it goes out
    Passage pass(Passage coming, long length) {
        long first = Math.max(coming.first, free);
        free = first + nanos(length);
        bytes += length;
        return new Passage(first, Math.max(coming.last, free));
    }

    /// How many bytes it took.
    long bytes() {
        return bytes;
    }
}
