package dev.muster.agent.delivery;

import dev.muster.protocol.content.Manifest;
import dev.muster.protocol.content.ManifestId;
import dev.muster.protocol.wire.Bitfield;

/// How far a swarm has come on this host.
///
/// @param have how many of `chunks` are here
/// @param bytes how much of `total` wire bytes that is
/// @param peers with how many peers it is connected
public record SwarmProgress(ManifestId manifest, int have, int chunks, long bytes, long total, int peers) {
    static SwarmProgress of(Manifest manifest, Bitfield have) {
        long bytes = 0;
        for (int chunk = have.next(0); chunk >= 0; chunk = have.next(chunk + 1)) {
            bytes += manifest.chunks().get(chunk).wireBytes();
        }
        return new SwarmProgress(manifest.id(), have.cardinality(), have.size(), bytes, manifest.wireBytes(), 0);
    }

    /// One more chunk is here.
    SwarmProgress with(int wireBytes, int peers) {
        return new SwarmProgress(manifest, have + 1, chunks, bytes + wireBytes, total, peers);
    }

    public boolean isComplete() {
        return have == chunks;
    }
}
