package dev.muster.chunkstore.store;

/// How much of everything there is in a store, or was found there.
///
/// @param images manifests that are whole
public record StoreCounts(long segments, long chunks, long images, long refs) {}
