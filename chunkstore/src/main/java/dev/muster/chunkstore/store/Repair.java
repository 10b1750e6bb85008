package dev.muster.chunkstore.store;

import dev.muster.protocol.content.ChunkId;
import dev.muster.protocol.content.Hash;
import java.io.IOException;

/// Whoever can get from elsewhere what has rotted here, and put it again. Called by one thread, which waits; a failure
/// is reported and the scrub goes on.
public interface Repair {
    /// For a host that knows nobody to ask.
    Repair NONE = new Repair() {
        @Override
        public boolean chunk(ChunkId id) {
            return false;
        }

        @Override
        public boolean manifestFile(Hash hash) {
            return false;
        }
    };

    /// Puts a chunk that is not here any more.
    ///
    /// @return whether it is here again
    boolean chunk(ChunkId id) throws IOException;

    /// Puts a head or page whose file holds other bytes now.
    ///
    /// @return whether it is here again
    boolean manifestFile(Hash hash) throws IOException;
}
