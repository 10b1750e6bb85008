package dev.muster.ops.publish;

import dev.muster.chunkstore.pack.Packed;
import dev.muster.protocol.content.Hash;

/// What was published.
///
/// @param disk how the disk was packed
public record Published(Hash release, Packed disk) {}
