package dev.muster.chunkstore.volume;

import dev.muster.chunkstore.codec.FrameCodec;
import dev.muster.chunkstore.store.SegmentStore;
import dev.muster.protocol.MusterException.Corrupt;
import dev.muster.protocol.content.Block;
import dev.muster.protocol.content.Chunk;
import dev.muster.protocol.content.ChunkHeader;
import dev.muster.protocol.content.ChunkId;
import dev.muster.protocol.content.Frame;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/// Blocks of chunks, wherever on this host they lie, each verified. Safe for many threads.
final class Blocks {
    private final SegmentStore store;
    private final FrameCodec codec;
    private final List<OpenVolume> volumes = new CopyOnWriteArrayList<>();

    Blocks(SegmentStore store, FrameCodec codec) {
        this.store = store;
        this.codec = codec;
    }

    /// Where blocks are looked for besides the store.
    List<OpenVolume> volumes() {
        return volumes;
    }

    /// Puts the wanted blocks of a chunk into `out`, each to its place.
    ///
    /// @param out as long as the chunk, or longer; position and limit are left alone
    /// @throws Corrupt if one is nowhere
    void read(ChunkId id, BitSet wanted, ByteBuffer out) throws IOException {
        Optional<Chunk> here = store.chunkHere(id);
        if (here.isPresent()) {
            requireBlocks(here.get().header(), wanted);
            decode(here.get(), wanted, out);
        } else {
            ChunkHeader header = store.header(id)
                    .orElseThrow(() -> new Corrupt("chunk " + id + ": expected it here, found it gone"));
            requireBlocks(header, wanted);
            BitSet missing = (BitSet) wanted.clone();
            gather(id, header, out, missing);
            requireAll(id, missing);
        }
    }

    /// The whole chunk, out of blocks that lie on volumes.
    ///
    /// @throws Corrupt if one is nowhere
    Chunk chunk(ChunkId id, ChunkHeader header) throws IOException {
        ByteBuffer out = ByteBuffer.allocate(header.rawBytes());
        BitSet missing = all(header);
        gather(id, header, out, missing);
        requireAll(id, missing);
        return codec.encode(header, out);
    }

    /// Whether every block of a chunk can be had from these volumes.
    static boolean isWholeOn(List<OpenVolume> volumes, ChunkId id, ChunkHeader header) throws IOException {
        BitSet missing = all(header);
        ByteBuffer out = ByteBuffer.allocate(header.rawBytes());
        for (OpenVolume volume : volumes) {
            volume.gather(id, header, out, missing);
        }
        return missing.isEmpty();
    }

    private void gather(ChunkId id, ChunkHeader header, ByteBuffer out, BitSet missing) throws IOException {
        for (OpenVolume volume : volumes) {
            if (!missing.isEmpty()) {
                volume.gather(id, header, out, missing);
            }
        }
    }

    private void decode(Chunk chunk, BitSet wanted, ByteBuffer out) throws Corrupt {
        for (int frame = 0; frame < chunk.frames().size(); frame++) {
            int first = frame * Frame.BLOCKS;
            int next = wanted.nextSetBit(first);
            if (next >= 0 && next < first + Frame.BLOCKS) {
                ByteBuffer view = out.duplicate().clear().position(first * Block.BYTES);
                codec.decode(chunk.header(), frame, chunk.frames().get(frame), view);
            }
        }
    }

    private static void requireBlocks(ChunkHeader header, BitSet wanted) throws Corrupt {
        if (wanted.length() > header.blocks()) {
            throw new Corrupt("chunk " + header.id() + ": expected at least " + wanted.length() + " blocks, found "
                    + header.blocks());
        }
    }

    private static BitSet all(ChunkHeader header) {
        BitSet all = new BitSet();
        all.set(0, header.blocks());
        return all;
    }

    private static void requireAll(ChunkId id, BitSet missing) throws Corrupt {
        if (!missing.isEmpty()) {
            throw new Corrupt("chunk " + id + ": expected its blocks on volumes, found " + missing.cardinality()
                    + " of them nowhere, the first of them block " + missing.nextSetBit(0));
        }
    }
}
