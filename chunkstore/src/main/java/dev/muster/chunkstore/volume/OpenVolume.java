package dev.muster.chunkstore.volume;

import dev.muster.chunkstore.codec.FrameCodec;
import dev.muster.chunkstore.store.SegmentStore;
import dev.muster.protocol.MusterException.Corrupt;
import dev.muster.protocol.content.Block;
import dev.muster.protocol.content.Chunk;
import dev.muster.protocol.content.ChunkHeader;
import dev.muster.protocol.content.ChunkId;
import dev.muster.protocol.content.Extent;
import dev.muster.protocol.content.Frame;
import dev.muster.protocol.content.Hash;
import java.io.Closeable;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/// A volume as blocks are read from it. Nothing that lies on it is believed: whoever wrote to the target
/// meanwhile, a block is what its hash says or it is not there. Safe for many threads.
///
/// A block is looked for wherever one of the volume's images has it, then among the spilled chunks, then in
/// the stash. Who moves blocks sees to it that at each moment one of them has it, and changes what is looked
/// through only by [#become], which waits for those who are looking.
final class OpenVolume implements Closeable {
    private static final Logger LOG = System.getLogger(OpenVolume.class.getName());

    private final Optional<TargetFile> target;
    private final SegmentStore store;
    private final FrameCodec codec;
    private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();
    private final BitSet unsure = new BitSet();
    private View view;

    /// @param target nothing, if it is gone
    OpenVolume(Optional<TargetFile> target, View view, SegmentStore store, FrameCodec codec) {
        this.target = target;
        this.view = view;
        this.store = store;
        this.codec = codec;
    }

    /// Where blocks are looked for.
    ///
    /// @param layouts of the images whose blocks may lie on the target
    record View(Volume volume, List<Layout> layouts, SpillMap spill, Optional<Stash> stash) {
        View {
            layouts = List.copyOf(layouts);
        }

        View with(Optional<Stash> other) {
            return new View(volume, layouts, spill, other);
        }
    }

    View view() {
        lock.readLock().lock();
        try {
            return view;
        } finally {
            lock.readLock().unlock();
        }
    }

    /// Nobody looks anywhere else when this returns. What was stashed otherwise may be closed then.
    void become(View next) {
        lock.writeLock().lock();
        try {
            view = next;
        } finally {
            lock.writeLock().unlock();
        }
    }

    /// Blocks of the target that were written and not forced since, or in vain: what is read there may not be
    /// on the medium. For who has claimed the target.
    BitSet unsure() {
        return unsure;
    }

    Optional<TargetFile> target() {
        return target;
    }

    /// Whether the target is there, and still the one that was opened.
    boolean isThere() {
        return target.isPresent() && target.get().isThere();
    }

    /// Puts what of `missing` lies here and is right into `out`, and takes it out of `missing`.
    ///
    /// @param out as long as the chunk; position and limit are left alone
    void gather(ChunkId id, ChunkHeader header, ByteBuffer out, BitSet missing) throws IOException {
        lock.readLock().lock();
        try {
            if (target.isPresent()) {
                for (Layout layout : view.layouts) {
                    gather(layout, id, header, out, missing);
                }
            }
            gatherSpilled(header, out, missing);
            if (view.stash.isPresent()) {
                gatherStashed(view.stash.get(), header, out, missing);
            }
        } finally {
            lock.readLock().unlock();
        }
    }

    @Override
    public void close() throws IOException {
        if (view.stash.isPresent()) {
            view.stash.get().close();
        }
        if (target.isPresent()) {
            target.get().close();
        }
    }

    private void gather(Layout layout, ChunkId id, ChunkHeader header, ByteBuffer out, BitSet missing) {
        int chunk = layout.chunk(id);
        if (chunk < 0 || missing.isEmpty()) {
            return;
        }
        for (Extent use : layout.uses(chunk)) {
            int end = use.blockInChunk() + (int) use.blocks();
            int from = missing.nextSetBit(use.blockInChunk());
            if (from >= 0 && from < end && end <= header.blocks()) {
                read(layout, use, from, missing.previousSetBit(end - 1) + 1, header, out, missing);
            }
        }
    }

    private void read(
            Layout layout, Extent use, int from, int end, ChunkHeader header, ByteBuffer out, BitSet missing) {
        ByteBuffer run = ByteBuffer.allocate((end - from) * Block.BYTES);
        long at = use.firstBlock() + from - use.blockInChunk();
        try {
            long left = target.orElseThrow().blocks(layout.length()) - at;
            run.limit(Math.clamp(left, 0, end - from) * Block.BYTES);
            target.orElseThrow().read(run, at, layout.length());
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "not read: target={0} block={1} cause={2}", view.volume.target(), at, e.toString());
            return;
        }
        int there = from + run.limit() / Block.BYTES;
        for (int i = missing.nextSetBit(from); i >= 0 && i < there; i = missing.nextSetBit(i + 1)) {
            accept(i, run.slice((i - from) * Block.BYTES, Block.BYTES), header, out, missing);
        }
    }

    private void gatherSpilled(ChunkHeader header, ByteBuffer out, BitSet missing) throws IOException {
        Map<ChunkId, BitSet> needed = new LinkedHashMap<>();
        for (int i = missing.nextSetBit(0); i >= 0; i = missing.nextSetBit(i + 1)) {
            Optional<SpillMap.At> at = view.spill.find(header.block(i));
            if (at.isPresent()) {
                needed.computeIfAbsent(at.get().id(), _ -> new BitSet()).set(i);
            }
        }
        for (var spilled : needed.entrySet()) {
            try {
                Optional<Chunk> chunk = store.chunkHere(spilled.getKey());
                if (chunk.isPresent()) {
                    gather(chunk.get(), spilled.getValue(), header, out, missing);
                }
            } catch (Corrupt e) {
                LOG.log(Level.WARNING, "spilled blocks lost: cause={0}", e.getMessage());
            }
        }
    }

    private void gather(Chunk spilled, BitSet needed, ChunkHeader header, ByteBuffer out, BitSet missing)
            throws IOException {
        int decoded = -1;
        ByteBuffer raw = ByteBuffer.allocate(0);
        for (int i = needed.nextSetBit(0); i >= 0; i = needed.nextSetBit(i + 1)) {
            int block = view.spill.find(header.block(i)).orElseThrow().block();
            int frame = block / Frame.BLOCKS;
            if (frame != decoded) {
                int blocks = Frame.blocksOf(frame, spilled.header().blocks());
                raw = codec.decode(spilled.frames().get(frame), blocks * Block.BYTES);
                decoded = frame;
            }
            accept(i, raw.slice(block % Frame.BLOCKS * Block.BYTES, Block.BYTES), header, out, missing);
        }
    }

    private void gatherStashed(Stash stash, ChunkHeader header, ByteBuffer out, BitSet missing) {
        for (int i = missing.nextSetBit(0); i >= 0; i = missing.nextSetBit(i + 1)) {
            ByteBuffer block = ByteBuffer.allocate(Block.BYTES);
            try {
                if (stash.read(header.block(i), block)) {
                    accept(i, block.flip(), header, out, missing);
                }
            } catch (IOException e) {
                LOG.log(Level.DEBUG, "stash not read: target={0} cause={1}", view.volume.target(), e.toString());
            }
        }
    }

    private static void accept(int i, ByteBuffer block, ChunkHeader header, ByteBuffer out, BitSet missing) {
        if (Hash.of(block).equals(header.block(i))) {
            out.put(i * Block.BYTES, block, block.position(), Block.BYTES);
            missing.clear(i);
        }
    }
}
