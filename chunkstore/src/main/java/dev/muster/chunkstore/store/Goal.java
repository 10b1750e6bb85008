package dev.muster.chunkstore.store;

/// How much a collection frees. What no installed image names goes in any case; then images that nothing keeps
/// go, those installed first before others, until at least `bytes` are free.
public record Goal(long bytes) {
    /// Only what no installed image names.
    public static final Goal GARBAGE = new Goal(0);

    /// Everything that nothing keeps.
    public static final Goal ALL = new Goal(Long.MAX_VALUE);

    public Goal {
        if (bytes < 0) {
            throw new IllegalArgumentException("a collection cannot free " + bytes + " bytes");
        }
    }
}
