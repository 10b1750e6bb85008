package dev.muster.ops.publish;

import dev.muster.chunkstore.pack.Packed;
import dev.muster.protocol.content.Hash;
import dev.muster.protocol.trust.document.Release;

/// What was published.
///
/// @param disk how the disk was packed
/// @param here whether this host has all of it: not, if it was packed against a parent that is elsewhere
public record Published(Hash release, Release.Name name, Packed disk, boolean here) {}
