package dev.muster.chunkstore.assemble;

/// What writing an image came to.
///
/// @param writtenBytes out of chunks, hashed and written
/// @param zeroBytes made to read as zeros
/// @param keptBytes right already, read and hashed
public record AssembleReport(long writtenBytes, long zeroBytes, long keptBytes) {}
