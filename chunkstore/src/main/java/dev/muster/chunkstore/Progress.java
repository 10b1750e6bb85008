package dev.muster.chunkstore;

/// Hears how far a long piece of work has come. Called from any thread, often: an implementation must be quick.
public interface Progress {
    /// For work that nobody watches.
    Progress NONE = new Progress() {
        @Override
        public void phase(String name, long totalBytes) {}

        @Override
        public void advance(long bytes) {}
    };

    /// A phase begins and the one before is done.
    ///
    /// @param name a verb for people: `read`, `fetch`, `write`, `verify`
    /// @param totalBytes what [#advance] will add up to; 0 where something is only waited for
    void phase(String name, long totalBytes);

    /// So much more is done.
    void advance(long bytes);
}
