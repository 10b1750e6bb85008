package dev.muster.chunkstore.volume;

/// What becomes of the image that a conversion starts from.
public enum Undo {
    /// It stays whole: blocks of it that the target loses are kept in the store, so that the way back needs
    /// no network.
    KEEP,
    /// Chunks that only it has are forgotten before the target loses them.
    GIVE_UP
}
