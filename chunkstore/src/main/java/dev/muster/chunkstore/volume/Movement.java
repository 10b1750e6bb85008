package dev.muster.chunkstore.volume;

import dev.muster.chunkstore.Progress;
import dev.muster.chunkstore.assemble.Work;
import dev.muster.protocol.content.Block;
import dev.muster.protocol.content.ChunkHeader;
import dev.muster.protocol.content.Extent;
import dev.muster.protocol.content.Hash;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/// The writes of a conversion, window by window: what a window needs and destroys is stashed, then it is
/// written, then forced. For one thread, which waits for those that do the work.
final class Movement {
    private static final int CHUNK_BYTES_MAX = ChunkHeader.BLOCKS_MAX * Block.BYTES;

    private final Registry registry;
    private final OpenVolume volume;
    private final TargetFile target;
    private final Rescue rescue;
    private final Layout from;
    private final Layout to;
    private final Progress progress;
    private final Map<Hash, Stashed> stashed = new LinkedHashMap<>();
    /// As many as there are threads at work, outside the heap, since they are written from.
    private final Queue<ByteBuffer> buffers = new ConcurrentLinkedQueue<>();

    Movement(Registry registry, OpenVolume volume, Rescue rescue, Progress progress) {
        this.registry = registry;
        this.volume = volume;
        this.target = volume.target().orElseThrow();
        this.rescue = rescue;
        this.from = rescue.from();
        this.to = rescue.to();
        this.progress = progress;
    }

    /// A block of a chunk of the new image, on its way.
    private record Stashed(ByteBuffer bytes, int chunk, int block) {}

    /// @param todo the blocks to be written
    void run(BitSet todo) throws IOException {
        for (var carried : rescue.carried().entrySet()) {
            keep(carried.getKey(), carried.getValue());
        }
        Schedule schedule =
                new Schedule(from, to, todo, rescue.moved(), registry.tools().windowBlocks());
        for (Optional<Schedule.Window> next = schedule.next(); next.isPresent(); next = schedule.next()) {
            Schedule.Window window = next.get();
            stash(window.stash());
            volume.unsure().or(window.blocks());
            write(window.blocks());
            target.force();
            volume.unsure().clear();
            rescue.written(window.blocks());
            schedule.done(window);
        }
    }

    /// What lies at these blocks of the target is safe when this returns, with what was stashed before and is
    /// still on its way.
    private void stash(BitSet places) throws IOException {
        if (places.isEmpty()) {
            return;
        }
        stashed.values().removeIf(block -> rescue.isThere(block.chunk, block.block));
        Map<Integer, BitSet> contents = new LinkedHashMap<>();
        for (int at = places.nextSetBit(0); at >= 0; at = places.nextSetBit(at + 1)) {
            Extent extent = from.at(at);
            contents.computeIfAbsent(to.chunk(from.id(extent.chunk())), _ -> new BitSet())
                    .set(Layout.blockInChunk(extent, at));
        }
        for (var content : contents.entrySet()) {
            keep(content.getKey(), content.getValue());
        }
        LinkedHashMap<Hash, ByteBuffer> bytes = new LinkedHashMap<>();
        stashed.forEach((hash, block) -> bytes.put(hash, block.bytes));
        registry.replaceStash(volume, bytes);
    }

    /// Holds blocks of a chunk of the new image in memory.
    private void keep(int chunk, BitSet blocks) throws IOException {
        ByteBuffer raw = take();
        registry.blocks().read(to.id(chunk), blocks, raw);
        for (int i = blocks.nextSetBit(0); i >= 0; i = blocks.nextSetBit(i + 1)) {
            ByteBuffer block = ByteBuffer.allocate(Block.BYTES);
            block.put(0, raw, i * Block.BYTES, Block.BYTES);
            stashed.put(Hash.of(block), new Stashed(block, chunk, i));
        }
        buffers.add(raw);
    }

    /// Each chunk is read once, whatever many places of the window its blocks go to.
    private void write(BitSet blocks) throws IOException {
        Map<Integer, List<Extent>> chunks = new LinkedHashMap<>();
        try (Work work = registry.tools().work()) {
            for (int at = blocks.nextSetBit(0); at >= 0; ) {
                Extent extent = to.at(at);
                int end = (int) Math.min(extent.end(), blocks.nextClearBit(at));
                int first = at;
                switch (extent.kind()) {
                    case ZERO, HOLE -> {
                        boolean _ = work.begin(() -> zero(first, end));
                    }
                    case CHUNK ->
                        chunks.computeIfAbsent(extent.chunk(), _ -> new ArrayList<>())
                                .add(Extent.ofChunk(at, end - at, extent.chunk(), Layout.blockInChunk(extent, at)));
                }
                at = blocks.nextSetBit(end);
            }
            for (var chunk : chunks.entrySet()) {
                boolean _ = work.begin(() -> write(chunk.getKey(), chunk.getValue()));
            }
        }
    }

    private void zero(int first, int end) throws IOException {
        target.zero(first, end - first, to.length());
        progress.advance((long) (end - first) * Block.BYTES);
    }

    private void write(int chunk, List<Extent> runs) throws IOException {
        BitSet wanted = new BitSet();
        runs.forEach(run -> wanted.set(run.blockInChunk(), run.blockInChunk() + (int) run.blocks()));
        ByteBuffer raw = take();
        registry.blocks().read(to.id(chunk), wanted, raw);
        for (Extent run : runs) {
            int bytes = (int) run.blocks() * Block.BYTES;
            target.write(raw.slice(run.blockInChunk() * Block.BYTES, bytes), run.firstBlock(), to.length());
            progress.advance(bytes);
        }
        buffers.add(raw);
    }

    private ByteBuffer take() {
        ByteBuffer pooled = buffers.poll();
        return pooled == null ? ByteBuffer.allocateDirect(CHUNK_BYTES_MAX) : pooled;
    }
}
