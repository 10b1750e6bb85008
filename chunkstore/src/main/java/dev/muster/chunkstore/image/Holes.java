package dev.muster.chunkstore.image;

import java.io.Closeable;
import java.io.IOException;

/// Where a file was never written. Knowing it saves reading the zeros; not knowing it changes nothing else.
interface Holes extends Closeable {
    /// For a file of which nothing is known: there may be data everywhere.
    Holes UNKNOWN = new Holes() {
        @Override
        public long nextData(long offset) {
            return offset;
        }

        @Override
        public long nextHole(long offset) {
            return Long.MAX_VALUE;
        }

        @Override
        public void close() {}
    };

    /// The first offset from `offset` on where there may be data, or `Long.MAX_VALUE`.
    long nextData(long offset) throws IOException;

    /// The first offset from `offset` on where there is none, or `Long.MAX_VALUE`.
    long nextHole(long offset) throws IOException;
}
