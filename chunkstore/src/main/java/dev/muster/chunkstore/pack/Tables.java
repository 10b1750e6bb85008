package dev.muster.chunkstore.pack;

import dev.muster.chunkstore.pack.Layout.Part;
import dev.muster.protocol.content.ChunkEntry;
import dev.muster.protocol.content.ChunkId;
import dev.muster.protocol.content.Extent;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// The chunk table, in the order in which the image first uses each chunk, and the extent table of a manifest.
final class Tables {
    private final List<ChunkEntry> chunks = new ArrayList<>();
    private final Map<ChunkId, Integer> numbers = new HashMap<>();
    private final List<Extent> extents = new ArrayList<>();

    private Tables() {}

    /// @param stored the new chunks, in the order of places
    static Tables of(Layout layout, ParentBlocks parents, List<ChunkEntry> stored) {
        Tables tables = new Tables();
        for (Part part : layout.parts()) {
            switch (part) {
                case Part.Nothing nothing -> tables.addNothing(nothing);
                case Part.Kept(long firstBlock, int blocks, int chunk, int blockInChunk) ->
                    tables.add(firstBlock, blocks, parents.chunk(chunk), blockInChunk);
                case Part.Stored(long firstBlock, int blocks, int place) -> {
                    for (int done = 0; done < blocks; ) {
                        ChunkEntry chunk = stored.get((place + done) / layout.chunkBlocks());
                        int inChunk = (place + done) % layout.chunkBlocks();
                        int count = Math.min(blocks - done, chunk.blocks() - inChunk);
                        tables.add(firstBlock + done, count, chunk, inChunk);
                        done += count;
                    }
                }
            }
        }
        return tables;
    }

    List<ChunkEntry> chunks() {
        return chunks;
    }

    List<Extent> extents() {
        return extents;
    }

    private void addNothing(Part.Nothing nothing) {
        for (long done = 0; done < nothing.blocks(); ) {
            long count = Math.min(nothing.blocks() - done, Extent.BLOCKS_MAX);
            long firstBlock = nothing.firstBlock() + done;
            add(nothing.hole() ? Extent.hole(firstBlock, count) : Extent.zero(firstBlock, count));
            done += count;
        }
    }

    private void add(long firstBlock, int blocks, ChunkEntry chunk, int blockInChunk) {
        int number = numbers.computeIfAbsent(chunk.id(), _ -> {
            chunks.add(chunk);
            return chunks.size() - 1;
        });
        add(Extent.ofChunk(firstBlock, blocks, number, blockInChunk));
    }

    private void add(Extent next) {
        if (!extents.isEmpty() && extents.getLast().continuesWith(next)) {
            extents.add(extents.removeLast().joinedWith(next));
        } else {
            extents.add(next);
        }
    }
}
