package dev.muster.chunkstore.store;

/// A check of a store that nobody has open, also of one that cannot be opened, and its rebuilding.
public final class Fsck {
    /// How much is looked at.
    public enum Level {
        /// Journal, index, manifests and refs.
        INDEX,
        /// Also the head, header and checksum of every record.
        RECORDS,
        /// Also every block, decoded and hashed.
        BLOCKS
    }
}
