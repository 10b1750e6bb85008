package dev.muster.chunkstore.store;

import dev.muster.protocol.content.Block;
import dev.muster.protocol.content.Chunk;
import dev.muster.protocol.content.ChunkEntry;
import dev.muster.protocol.content.ChunkHeader;
import dev.muster.protocol.content.ContentId;
import dev.muster.protocol.content.Extent;
import dev.muster.protocol.content.Frame;
import dev.muster.protocol.content.Hash;
import dev.muster.protocol.content.ImageShape;
import dev.muster.protocol.content.Manifest;
import dev.muster.protocol.content.ManifestId;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/// An image of many small chunks of noise, which are made again from their numbers whenever they are needed.
final class NoiseImage {
    private static final int CHUNK_BLOCKS_MAX = 8;

    private final int first;
    private final int chunks;
    private final Manifest.Encoded encoded;

    /// @param first the number of its first chunk
    NoiseImage(int first, int chunks) {
        this.first = first;
        this.chunks = chunks;
        List<ChunkEntry> entries = new ArrayList<>(chunks);
        List<Extent> extents = new ArrayList<>(chunks);
        int block = 0;
        for (int i = 0; i < chunks; i++) {
            ChunkHeader header = chunk(i).header();
            entries.add(new ChunkEntry(header.id(), header.blocks(), header.rawBytes()));
            extents.add(Extent.ofChunk(block, header.blocks(), i, 0));
            block += header.blocks();
        }
        ContentId content = new ContentId(new Hash(first, chunks, 0, 0));
        this.encoded = Manifest.of(ImageShape.opaque((long) block * Block.BYTES), content, List.of(), entries, extents);
    }

    ManifestId id() {
        return encoded.manifest().id();
    }

    Manifest manifest() {
        return encoded.manifest();
    }

    int chunks() {
        return chunks;
    }

    Chunk chunk(int index) {
        SplittableRandom random = new SplittableRandom(first + index);
        byte[] bytes = new byte[random.nextInt(1, CHUNK_BLOCKS_MAX + 1) * Block.BYTES];
        random.nextBytes(bytes);
        ByteBuffer raw = ByteBuffer.wrap(bytes);
        return new Chunk(ChunkHeader.hash(raw), List.of(new Frame(Frame.Codec.RAW, raw)));
    }

    /// Puts head and pages, and installs what is here.
    void install(ChunkStore store, Lease lease) throws IOException {
        for (byte[] page : encoded.pages().values()) {
            lease.putPage(page);
        }
        lease.putHead(manifest().head().encode());
        store.install(manifest());
    }

    /// Puts what is not here, and installs it.
    void installInto(ChunkStore store, Lease lease) throws IOException {
        for (int i = 0; i < chunks; i++) {
            if (!lease.has(manifest().chunks().get(i).id())) {
                lease.put(chunk(i));
            }
        }
        install(store, lease);
    }
}
