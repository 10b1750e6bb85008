package dev.muster.chunkstore.pack;

import dev.muster.chunkstore.store.ChunkSource;
import dev.muster.protocol.content.Manifest;

/// An image to pack against.
///
/// @param headers where the headers of its chunks come from; frames are not asked for, and a chunk whose header is not
/// there is packed as if it were new
public record Parent(Manifest manifest, ChunkSource headers) {}
