package dev.muster.chunkstore.store;

import dev.muster.chunkstore.disk.DiskFile;
import dev.muster.protocol.content.Chunk;
import dev.muster.protocol.content.ChunkHeader;
import dev.muster.protocol.content.ChunkId;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/// What keeps the blocks of chunks of which a store has the header alone: the volumes of this host. Safe for
/// many threads.
public interface Elsewhere {
    /// No volumes. A chunk whose blocks lie on one cannot be read, and is not forgotten for that.
    Elsewhere NONE = new Elsewhere() {
        @Override
        public Taken take(Chunk chunk) {
            return new Taken(List.of(), () -> {});
        }

        @Override
        public Optional<Chunk> chunk(ChunkId id, ChunkHeader header) {
            return Optional.empty();
        }
    };

    /// Writes the blocks of a chunk that is being put to where they belong, if there is a place for every one.
    ///
    /// @throws dev.muster.protocol.MusterException.StoreRefused if they cannot be written
    Taken take(Chunk chunk) throws IOException;

    /// The blocks of a chunk as they were written elsewhere. Whoever has them lets go of none before this is closed,
    /// by the thread that got it: by then the store has the header.
    ///
    /// @param files what to force before the chunk counts; none, if the store is to keep the blocks itself
    record Taken(List<DiskFile> files, Runnable closing) implements AutoCloseable {
        public Taken {
            files = List.copyOf(files);
        }

        @Override
        public void close() {
            closing.run();
        }
    }

    /// The chunk that has this header, out of blocks that were all verified just now.
    ///
    /// @return empty if nobody can say at the moment
    /// @throws dev.muster.protocol.MusterException.Corrupt if a block is nowhere; the chunk is no longer here
    ///     then
    Optional<Chunk> chunk(ChunkId id, ChunkHeader header) throws IOException;
}
