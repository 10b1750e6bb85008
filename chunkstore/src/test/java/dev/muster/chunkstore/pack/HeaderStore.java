package dev.muster.chunkstore.pack;

import dev.muster.chunkstore.store.ChunkSink;
import dev.muster.chunkstore.store.ChunkSource;
import dev.muster.protocol.content.Chunk;
import dev.muster.protocol.content.ChunkHeader;
import dev.muster.protocol.content.ChunkId;
import dev.muster.protocol.content.ContentId;
import dev.muster.protocol.content.ContentTree;
import dev.muster.protocol.content.Extent;
import dev.muster.protocol.content.Manifest;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/// Keeps the headers of chunks and forgets their bytes, for large images.
final class HeaderStore implements ChunkSource, ChunkSink {
    private final Map<ChunkId, ChunkHeader> headers = new ConcurrentHashMap<>();

    /// What an image's extents and the headers of its chunks say that it contains.
    ContentId contentOf(Manifest manifest) {
        ContentTree tree = new ContentTree();
        for (Extent extent : manifest.extents()) {
            if (extent.kind() == Extent.Kind.CHUNK) {
                ChunkId id = manifest.chunks().get(extent.chunk()).id();
                ChunkHeader header = header(id).orElseThrow();
                for (int i = 0; i < extent.blocks(); i++) {
                    tree.add(header.block(extent.blockInChunk() + i));
                }
            } else {
                tree.addZeros(extent.blocks());
            }
        }
        return tree.id(manifest.shape().length());
    }

    @Override
    public Optional<Chunk> chunk(ChunkId id) {
        return Optional.empty();
    }

    @Override
    public Optional<ChunkHeader> header(ChunkId id) {
        return Optional.ofNullable(headers.get(id));
    }

    @Override
    public boolean has(ChunkId id) {
        return headers.containsKey(id);
    }

    @Override
    public void put(Chunk chunk) {
        headers.put(chunk.id(), chunk.header());
    }

    @Override
    public void flush() {}
}
