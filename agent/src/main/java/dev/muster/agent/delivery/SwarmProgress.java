package dev.muster.agent.delivery;

import dev.muster.protocol.content.ManifestId;

/// How far a swarm has come on this host.
///
/// @param chunks how many of them are here
/// @param bytes how much of `total` wire bytes that is
/// @param received how many verified bytes have come since the swarm was opened, those of unfinished chunks too
/// @param peers with how many peers it is connected
public record SwarmProgress(ManifestId manifest, Chunks chunks, long bytes, long total, long received, int peers) {
    /// How many of how many.
    public record Chunks(int have, int all) {}

    public boolean isComplete() {
        return chunks.have == chunks.all;
    }
}
