package dev.muster.chunkstore.assemble;

/// What is read back and hashed after writing, before the target counts as whole.
///
/// What is written is always hashed on its way, and what is kept was hashed when it was compared. What the
/// target shares with the store was hashed when it was stored, and may have rotted since.
public enum Check {
    /// What the target shares with the store: then every block was hashed as it was written, or read and
    /// hashed now.
    CLONED,
    /// All of it, from the medium as far as the kernel lets us.
    FULL
}
