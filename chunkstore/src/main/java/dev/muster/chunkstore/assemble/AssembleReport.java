package dev.muster.chunkstore.assemble;

/// What writing an image came to.
///
/// @param writtenBytes hashed and written
/// @param zeroBytes made to read as zeros
/// @param keptBytes right already, read and hashed
/// @param clonedBytes shared with the store by the file system
/// @param unverifiedBytes of the cloned ones, those that were not read and hashed since
public record AssembleReport(
        long writtenBytes, long zeroBytes, long keptBytes, long clonedBytes, long unverifiedBytes) {}
