package dev.muster.chunkstore.store;

/// How large a store is.
///
/// @param chunks how many chunks are here
/// @param chunkBytes what their records take on the disk
/// @param reclaimableBytes how much of that nothing keeps: what a collection could free
/// @param freeBytes what can still be written to the disk
/// @param images how many manifests are whole here
/// @param segments how many files the chunks are in
public record StoreStat(
        long chunks, long chunkBytes, long reclaimableBytes, long freeBytes, long images, int segments) {}
