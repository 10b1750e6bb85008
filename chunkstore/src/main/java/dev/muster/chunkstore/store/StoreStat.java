package dev.muster.chunkstore.store;

/// How large a store is.
///
/// @param chunks how many chunks are here
/// @param chunkBytes what their records take on the disk
/// @param freeBytes what can still be written to the disk
/// @param images how many manifests are whole here
public record StoreStat(long chunks, long chunkBytes, long freeBytes, long images) {}
