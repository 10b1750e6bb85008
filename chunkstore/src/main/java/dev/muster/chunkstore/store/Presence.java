package dev.muster.chunkstore.store;

import java.nio.file.Path;

/// How a source has a chunk.
public sealed interface Presence {
    Presence ABSENT = new Absent();
    Presence FRAMES = new Frames();

    /// It is not here.
    record Absent() implements Presence {}

    /// It is here, and has to be asked for.
    record Frames() implements Presence {}

    /// It is here, durable, and its blocks lie one after the other in a file of this host, plain and aligned
    /// to 4 KiB: who may read that file can share or copy them. They were verified when they were written,
    /// not since; and they stay only while something keeps the chunk from being collected.
    ///
    /// @param offset where block 0 starts
    record Plain(Path file, long offset) implements Presence {
        public Plain {
            if (offset < 0) {
                throw new IllegalArgumentException("no such place: " + offset + " in " + file);
            }
        }
    }
}
