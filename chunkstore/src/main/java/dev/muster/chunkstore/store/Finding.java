package dev.muster.chunkstore.store;

/// Something in a store that is not as it was written, for people and for scripts.
///
/// @param what whose it is: a chunk's or manifest's id, a ref's name, or a file's
/// @param where the file, within the store's directory, and the block if it is in a segment:
///     `segments/00000017.seg block 5`
/// @param message what was expected and what was found
public record Finding(Kind kind, String what, String where, String message) {
    /// What is not right.
    public enum Kind {
        /// Which store this is.
        IDENTITY(true),
        /// A log, or the snapshot.
        JOURNAL(true),
        /// A segment: its file, its header, or its footer.
        SEGMENT(true),
        /// A chunk that is not where the journal says.
        CHUNK(true),
        /// A head or page of a manifest.
        MANIFEST_FILE(true),
        /// An installed image that lacks a head, a page, or chunks.
        IMAGE(true),
        /// What a name runs.
        REF(true),
        /// The end of the last log, which a crash leaves so: it was never reported as durable.
        TORN_LOG(false),
        /// How far the last scrub came; the next one starts from the beginning.
        SCRUB(false),
        /// What a crash or a rebuild left, and nobody reads.
        LEFTOVER(false);

        private final boolean damage;

        Kind(boolean damage) {
            this.damage = damage;
        }

        /// Whether anything that the store promised is not there.
        public boolean isDamage() {
            return damage;
        }
    }

    @Override
    public String toString() {
        return where + ": " + message;
    }
}
