package dev.muster.chunkstore.assemble;

import dev.muster.protocol.content.Hash;

/// What became of comparing a target with a manifest.
public sealed interface Verdict {
    /// Every block is what it should be.
    record Same(long bytes) implements Verdict {}

    /// A block is not, and all before it are.
    ///
    /// @param block its index in the image
    /// @param offset where it starts, in bytes
    record Differs(long block, long offset, Hash expected, Hash found) implements Verdict {}

    /// It has not the length of the image. A block device may be longer.
    record WrongLength(long expected, long found) implements Verdict {}
}
