package dev.muster.agent.delivery;

import dev.muster.chunkstore.codec.FrameCodec;
import dev.muster.chunkstore.store.ChunkStore;
import dev.muster.protocol.content.Manifest;
import dev.muster.protocol.content.ManifestId;
import java.io.IOException;

/// What a swarm needs of the host that it runs on.
interface SwarmHost {
    ChunkStore store();

    FrameCodec codec();

    Pools pools();

    Traffic traffic();

    /// This host's id.
    String id();

    String site();

    /// A peer sent wrong bytes.
    void blame(String peer, ManifestId manifest);

    /// A chunk that was here is here no longer.
    void incomplete(ManifestId manifest);

    /// Every chunk is in the store, perhaps not yet durable.
    void complete(Manifest manifest) throws IOException;

    /// The store takes nothing more: the swarm has stopped.
    void failed(Manifest manifest, IOException cause);

    /// On which terms a chunk of a manifest is sent now.
    ///
    /// @param chunk index in the manifest's table
    /// @param frames which of its frames are asked for
    /// @param sole whether no peer is known to have it
    LinkSender.Terms terms(Manifest manifest, int chunk, int frames, boolean sole);

    long seed();
}
