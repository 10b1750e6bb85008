package dev.muster.chunkstore.image;

/// A stretch of an image that is of one kind.
///
/// @param offset where it starts, in bytes
/// @param length how long it is, in bytes, at least 1
public record Run(long offset, long length, Kind kind) {
    public Run {
        if (offset < 0 || length < 1) {
            throw new IllegalArgumentException("no such run: " + length + " bytes at " + offset);
        }
    }

    /// What a container knows of a stretch without reading it.
    public enum Kind {
        /// Bytes that must be read; they may be zero all the same.
        DATA,
        /// Zeros.
        ZERO,
        /// Zeros that the disk never had, or gave back.
        HOLE
    }

    /// The first byte after the run.
    public long end() {
        return offset + length;
    }
}
