package dev.muster.chunkstore.volume;

import dev.muster.chunkstore.store.ChunkSource;
import dev.muster.protocol.content.Chunk;
import dev.muster.protocol.content.ChunkHeader;
import dev.muster.protocol.content.ChunkId;
import dev.muster.protocol.content.ImageFixture;
import java.util.Optional;

/// The headers of an image's chunks, without the chunks, as they come from peers.
record HeaderSource(ImageFixture image) implements ChunkSource {
    @Override
    public Optional<Chunk> chunk(ChunkId id) {
        return Optional.empty();
    }

    @Override
    public Optional<ChunkHeader> header(ChunkId id) {
        return image.chunkIds().contains(id) ? Optional.of(image.chunk(id).header()) : Optional.empty();
    }
}
