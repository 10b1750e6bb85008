package dev.muster.chunkstore.store;

import dev.muster.protocol.content.Chunk;
import dev.muster.protocol.content.ChunkHeader;
import dev.muster.protocol.content.ChunkId;
import java.io.IOException;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/// Chunks by name. Safe for many threads.
///
/// What comes back was stored under that name, but bytes rot: whoever decodes a frame checks its blocks against the
/// header, and whoever reads a header relies on [ChunkSource] having checked that it has that name.
public interface ChunkSource {
    /// Header and frames, as they were stored.
    ///
    /// @return empty if there is no such chunk here
    /// @throws dev.muster.protocol.MusterException.Corrupt if its bytes have rotted; it is no longer here then
    Optional<Chunk> chunk(ChunkId id) throws IOException;

    /// The header alone, without reading the frames.
    Optional<ChunkHeader> header(ChunkId id) throws IOException;

    /// How each of these chunks is here, in their order. A source that cannot tell says that it has all of them as
    /// frames; [#chunk] shows.
    default List<Presence> presence(List<ChunkId> ids) throws IOException {
        return Collections.nCopies(ids.size(), Presence.FRAMES);
    }
}
