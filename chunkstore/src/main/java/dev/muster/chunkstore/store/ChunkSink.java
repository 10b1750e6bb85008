package dev.muster.chunkstore.store;

import dev.muster.protocol.content.Chunk;
import dev.muster.protocol.content.ChunkId;
import java.io.IOException;

/// Where verified chunks are kept. Safe for many threads.
public interface ChunkSink {
    boolean has(ChunkId id);

    /// Keeps a chunk whose every block the caller has verified against its header. It can be read at once
    /// and is durable after the next [#flush]. A chunk that is here already is left as it is.
    ///
    /// @throws dev.muster.protocol.MusterException.StoreRefused if there is no room, or the disk fails
    void put(Chunk chunk) throws IOException;

    /// Returns when everything put before is durable.
    void flush() throws IOException;
}
