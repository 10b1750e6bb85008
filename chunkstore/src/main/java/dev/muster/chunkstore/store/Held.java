package dev.muster.chunkstore.store;

import dev.muster.protocol.content.ChunkHeader;

/// How a store has a chunk.
///
/// @param here whether its blocks lie in the store; they lie on volumes otherwise
public record Held(ChunkHeader header, boolean here) {}
