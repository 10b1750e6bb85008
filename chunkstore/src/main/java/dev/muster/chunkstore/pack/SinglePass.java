package dev.muster.chunkstore.pack;

import dev.muster.chunkstore.codec.FrameCodec;
import dev.muster.protocol.content.Block;
import dev.muster.protocol.content.Chunk;
import dev.muster.protocol.content.ChunkEntry;
import dev.muster.protocol.content.ChunkHeader;
import dev.muster.protocol.content.Hash;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;

/// Makes the new chunks of an image without parents while it is scanned: nothing of it can be kept, so each
/// new block is stored as soon as it is read, from the same memory that it was hashed in. Only how many go
/// into a chunk is not known before there are 64 MiB of them; up to there they wait.
final class SinglePass implements Scan.NewBlocks {
    private final BlockReader reader;
    private final FrameCodec codec;
    private final NewChunks chunks;
    private final Queue<Gathered> waiting = new ArrayDeque<>();
    private Gathered current;
    private int stored;

    SinglePass(BlockReader reader, FrameCodec codec, NewChunks chunks) {
        this.reader = reader;
        this.codec = codec;
        this.chunks = chunks;
        this.current = gather();
    }

    /// Blocks for one chunk of 1 MiB, or for several smaller ones.
    private record Gathered(ByteBuffer bytes, ByteBuffer names) {}

    @Override
    public void add(ByteBuffer bytes, int at, Hash name) throws IOException {
        current.bytes.put(bytes.slice(at, Block.BYTES));
        name.put(current.names);
        stored++;
        if (!current.bytes.hasRemaining()) {
            waiting.add(current);
            current = gather();
        }
        if (stored >= Layout.SMALL_BLOCKS) {
            beginAll(Layout.CHUNK_BLOCKS);
        }
    }

    /// @return the new chunks, in the order of places
    List<ChunkEntry> finish(Layout layout) throws IOException {
        if (layout.stored() != stored) {
            throw new IllegalStateException(stored + " blocks are stored, not " + layout.stored());
        }
        waiting.add(current);
        beginAll(layout.chunkBlocks());
        return chunks.finish();
    }

    private void beginAll(int chunkBlocks) throws IOException {
        while (!waiting.isEmpty()) {
            Gathered gathered = waiting.remove();
            chunks.begin(() -> make(gathered, chunkBlocks));
        }
    }

    private List<Chunk> make(Gathered gathered, int chunkBlocks) throws IOException {
        ByteBuffer bytes = gathered.bytes.flip();
        int blocks = bytes.limit() / Block.BYTES;
        List<Chunk> made = new ArrayList<>();
        for (int first = 0; first < blocks; first += chunkBlocks) {
            byte[] names = new byte[Math.min(blocks - first, chunkBlocks) * Hash.BYTES];
            gathered.names.get(first * Hash.BYTES, names);
            ChunkHeader header = ChunkHeader.of(names);
            made.add(codec.encode(header, bytes.slice(first * Block.BYTES, header.rawBytes())));
        }
        reader.buffers().release(bytes);
        return made;
    }

    private Gathered gather() {
        return new Gathered(reader.buffers().take(), ByteBuffer.allocate(Buffers.BLOCKS * Hash.BYTES));
    }
}
