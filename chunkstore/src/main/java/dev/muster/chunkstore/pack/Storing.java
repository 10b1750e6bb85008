package dev.muster.chunkstore.pack;

import dev.muster.chunkstore.codec.FrameCodec;
import dev.muster.chunkstore.pack.Layout.Piece;
import dev.muster.chunkstore.store.ChunkSink;
import dev.muster.protocol.MusterException.Corrupt;
import dev.muster.protocol.content.Block;
import dev.muster.protocol.content.Chunk;
import dev.muster.protocol.content.ChunkEntry;
import dev.muster.protocol.content.ChunkHeader;
import dev.muster.protocol.content.Hash;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/// Makes the new chunks of a layout: reads their blocks once more, checks that they are what they were, compresses, and
/// hands them to a sink in order.
final class Storing {
    private final BlockReader reader;
    private final BlockTable table;
    private final FrameCodec codec;

    Storing(BlockReader reader, BlockTable table, FrameCodec codec) {
        this.reader = reader;
        this.table = table;
        this.codec = codec;
    }

    /// @return the new chunks, in the order of places
    /// @throws Corrupt if the image has changed since it was scanned
    List<ChunkEntry> store(Layout layout, ChunkSink sink, Workers workers) throws IOException {
        List<ChunkEntry> entries = new ArrayList<>();
        workers.progress().phase("pack", (long) layout.stored() * Block.BYTES);
        try (Pipeline<Chunk> pipeline = workers.pipeline(chunk -> {
            sink.put(chunk);
            entries.add(new ChunkEntry(chunk.id(), chunk.header().blocks(), chunk.wireBytes()));
            workers.progress().advance(chunk.header().rawBytes());
        })) {
            List<Piece> part = new ArrayList<>();
            int room = layout.chunkBlocks();
            for (Piece piece : layout.pieces()) {
                for (Piece left = piece; left.blocks() > 0; ) {
                    int count = Math.min(room, left.blocks());
                    part.add(left.first(count));
                    left = left.after(count);
                    room -= count;
                    if (room == 0) {
                        List<Piece> whole = List.copyOf(part);
                        pipeline.begin(() -> make(whole));
                        part.clear();
                        room = layout.chunkBlocks();
                    }
                }
            }
            if (!part.isEmpty()) {
                pipeline.begin(() -> make(part));
            }
            pipeline.finish();
        }
        return entries;
    }

    private Chunk make(List<Piece> pieces) throws IOException {
        ByteBuffer bytes = reader.take();
        for (Piece piece : pieces) {
            reader.read(piece.firstBlock(), piece.blocks(), bytes);
        }
        ChunkHeader header = ChunkHeader.hash(bytes.flip());
        int at = 0;
        for (Piece piece : pieces) {
            for (int i = 0; i < piece.blocks() && piece.source() >= 0; i++) {
                check(piece.firstBlock() + i, table.get(piece.source() + i), header.block(at + i));
            }
            at += piece.blocks();
        }
        Chunk chunk = codec.encode(header, bytes);
        reader.release(bytes);
        return chunk;
    }

    private static void check(long block, Hash expected, Hash found) throws Corrupt {
        if (!expected.equals(found)) {
            throw new Corrupt("image block " + block + ": expected " + expected + " as when it was read first, found "
                    + found + ": something writes to the image");
        }
    }
}
