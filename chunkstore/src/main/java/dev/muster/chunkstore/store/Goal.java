package dev.muster.chunkstore.store;

/// How much a collection frees. What no installed image names goes in any case; then images that nothing keeps
/// go, those installed first before others, until at least `bytes` are free.
///
/// @param last whether images go, too, that are to go [last][Roots#last]
public record Goal(long bytes, boolean last) {
    /// Only what no installed image names.
    public static final Goal GARBAGE = new Goal(0, false);

    /// Everything that nothing keeps.
    public static final Goal ALL = new Goal(Long.MAX_VALUE, true);

    public Goal {
        if (bytes < 0) {
            throw new IllegalArgumentException("a collection cannot free " + bytes + " bytes");
        }
    }
}
