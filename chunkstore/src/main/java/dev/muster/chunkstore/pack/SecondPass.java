package dev.muster.chunkstore.pack;

import dev.muster.chunkstore.codec.FrameCodec;
import dev.muster.chunkstore.pack.Layout.Piece;
import dev.muster.protocol.MusterException.Corrupt;
import dev.muster.protocol.content.Chunk;
import dev.muster.protocol.content.ChunkEntry;
import dev.muster.protocol.content.ChunkHeader;
import dev.muster.protocol.content.Hash;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/// Makes the new chunks of an image with parents: what is stored is known only when all of the image has been
/// looked up, so the blocks are read once more.
///
/// They are hashed once more too. A chunk is named by the bytes in it, and between the passes something may
/// have written to the image; any check that is cheaper than SHA-256 can be deceived by whoever writes.
final class SecondPass {
    private final BlockReader reader;
    private final BlockTable table;
    private final FrameCodec codec;
    private final NewChunks chunks;

    SecondPass(BlockReader reader, BlockTable table, FrameCodec codec, NewChunks chunks) {
        this.reader = reader;
        this.table = table;
        this.codec = codec;
        this.chunks = chunks;
    }

    /// @return the new chunks, in the order of places
    /// @throws Corrupt if the image has changed since it was scanned
    List<ChunkEntry> store(Layout layout) throws IOException {
        List<Piece> part = new ArrayList<>();
        int room = layout.chunkBlocks();
        for (Piece piece : layout.pieces()) {
            for (Piece left = piece; left.blocks() > 0; ) {
                int count = Math.min(room, left.blocks());
                part.add(left.first(count));
                left = left.after(count);
                room -= count;
                if (room == 0) {
                    begin(part);
                    part.clear();
                    room = layout.chunkBlocks();
                }
            }
        }
        if (!part.isEmpty()) {
            begin(part);
        }
        return chunks.finish();
    }

    private void begin(List<Piece> part) throws IOException {
        List<Piece> whole = List.copyOf(part);
        chunks.begin(() -> List.of(make(whole)));
    }

    private Chunk make(List<Piece> pieces) throws IOException {
        ByteBuffer bytes = reader.buffers().take();
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
        reader.buffers().release(bytes);
        return chunk;
    }

    private static void check(long block, Hash expected, Hash found) throws Corrupt {
        if (!expected.equals(found)) {
            throw new Corrupt("image block " + block + ": expected " + expected + " as when it was read first, found "
                    + found + ": something writes to the image");
        }
    }
}
