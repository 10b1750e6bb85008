package dev.muster.chunkstore.volume;

import dev.muster.chunkstore.codec.FrameCodec;
import dev.muster.chunkstore.store.Lease;
import dev.muster.chunkstore.store.SegmentStore;
import dev.muster.protocol.content.Block;
import dev.muster.protocol.content.Chunk;
import dev.muster.protocol.content.ChunkHeader;
import dev.muster.protocol.content.ChunkId;
import dev.muster.protocol.content.Hash;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.BitSet;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/// Packs blocks that a target is about to lose into chunks of the store. Equal blocks are spilled once. For
/// one thread.
final class Spilling {
    private final SegmentStore store;
    private final FrameCodec codec;
    private final Blocks source;
    private final Lease lease;
    private final Set<ChunkId> spilled;
    private final Set<Hash> known = new HashSet<>();
    private final ByteBuffer chunk = ByteBuffer.allocate(ChunkHeader.BLOCKS_MAX * Block.BYTES);

    /// @param lease holds the chunks
    /// @param spilled gets to know them
    Spilling(SegmentStore store, FrameCodec codec, Blocks source, Lease lease, Set<ChunkId> spilled) {
        this.store = store;
        this.codec = codec;
        this.source = source;
        this.lease = lease;
        this.spilled = spilled;
    }

    /// Spills these blocks of these chunks; they are durable after the next flush of the store.
    void spill(Map<ChunkId, BitSet> blocks) throws IOException {
        ByteBuffer raw = ByteBuffer.allocate(ChunkHeader.BLOCKS_MAX * Block.BYTES);
        for (var entry : blocks.entrySet()) {
            BitSet wanted = entry.getValue();
            source.read(entry.getKey(), wanted, raw);
            for (int i = wanted.nextSetBit(0); i >= 0; i = wanted.nextSetBit(i + 1)) {
                ByteBuffer block = raw.slice(i * Block.BYTES, Block.BYTES);
                if (known.add(Hash.of(block))) {
                    chunk.put(block);
                }
                if (!chunk.hasRemaining()) {
                    put();
                }
            }
        }
        put();
    }

    private void put() throws IOException {
        ByteBuffer blocks = chunk.flip();
        if (blocks.hasRemaining()) {
            Chunk packed = codec.encode(ChunkHeader.hash(blocks), blocks);
            boolean _ = lease.has(packed.id());
            store.keep(packed);
            spilled.add(packed.id());
        }
        chunk.clear();
    }
}
