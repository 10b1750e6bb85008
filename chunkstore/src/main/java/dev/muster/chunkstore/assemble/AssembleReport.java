package dev.muster.chunkstore.assemble;

/// What writing an image came to.
///
/// @param writtenBytes hashed and written
/// @param zeroBytes made to read as zeros
/// @param keptBytes right already, read and hashed
/// @param clonedBytes shared with the store by the file system, read and hashed
public record AssembleReport(long writtenBytes, long zeroBytes, long keptBytes, long clonedBytes) {}
