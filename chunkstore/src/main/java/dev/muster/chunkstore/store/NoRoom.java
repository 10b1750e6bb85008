package dev.muster.chunkstore.store;

import java.io.IOException;

/// A chunk was not written, for want of room; what nothing keeps may be in its place.
final class NoRoom extends IOException {
    private final long bytes;

    /// @param bytes how many more there would have to be
    NoRoom(long bytes, String why) {
        super(why);
        this.bytes = bytes;
    }

    long bytes() {
        return bytes;
    }
}
