package dev.muster.chunkstore.volume;

import dev.muster.chunkstore.Progress;
import dev.muster.chunkstore.assemble.Work;
import dev.muster.chunkstore.disk.DiskFile;
import dev.muster.chunkstore.volume.Targets.Claim;
import dev.muster.chunkstore.volume.Volume.Whole;
import dev.muster.protocol.MusterException.StoreRefused;
import dev.muster.protocol.MusterException.TargetRefused;
import dev.muster.protocol.MusterException.Unreachable;
import dev.muster.protocol.content.Block;
import dev.muster.protocol.content.Chunk;
import dev.muster.protocol.content.ChunkEntry;
import dev.muster.protocol.content.ChunkHeader;
import dev.muster.protocol.content.ChunkId;
import dev.muster.protocol.content.Extent;
import dev.muster.protocol.content.Frame;
import java.io.Closeable;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/// A target that an image arrives on. Each chunk that the image uses whole and that is put into the store
/// meanwhile is written to the target instead, wherever the image has it, and served from there; [#finish]
/// writes the rest. Nobody else uses the target until this is closed. Closing it before [#finish] leaves what
/// is there; filling the target once more goes on. Safe for many threads.
public final class Fill implements Closeable {
    private static final Logger LOG = System.getLogger(Fill.class.getName());

    private final Registry registry;
    private final OpenVolume volume;
    private final TargetFile target;
    private final Claim claim;
    private final Layout image;
    /// The chunks of which every block that the image uses is on the target.
    private final BitSet placed;

    /// Held by those who put what is written here, and waited for by who closes this.
    private final ReentrantReadWriteLock taking = new ReentrantReadWriteLock();

    private volatile boolean closed;

    /// @param placed the chunks of which every block that the image uses is on the target, durably
    Fill(Registry registry, OpenVolume volume, Claim claim, Layout image, BitSet placed) {
        this.registry = registry;
        this.volume = volume;
        this.target = volume.target().orElseThrow();
        this.claim = claim;
        this.image = image;
        this.placed = placed;
    }

    /// Writes what is not on the target yet, out of the store, and makes everything durable. Every chunk of
    /// the image must be in the store.
    ///
    /// @throws Unreachable if one is not
    /// @throws TargetRefused if the target is full, or fails
    public void finish(Progress progress) throws IOException {
        requireAll();
        int chunks = image.manifest().chunks().size();
        BitSet missing = new BitSet();
        synchronized (placed) {
            missing.set(0, chunks);
            missing.andNot(placed);
        }
        progress.phase("write", missing.stream().mapToLong(this::bytes).sum());
        try (Work work = registry.tools().work()) {
            boolean going = true;
            for (int i = missing.nextSetBit(0); going && i >= 0; i = missing.nextSetBit(i + 1)) {
                int chunk = i;
                going = work.begin(() -> {
                    write(chunk);
                    progress.advance(bytes(chunk));
                });
            }
        }
        registry.store().flush();
        target.force();
        Volume filled = volume.view().volume();
        Whole state = new Whole(image.manifest().id(), Optional.empty());
        registry.become(volume, filled.with(state, List.of()), List.of(image));
        LOG.log(
                Level.INFO,
                "filled: target={0} manifest={1} bytes={2}",
                filled.target(),
                image.manifest().id(),
                image.length());
    }

    @Override
    public void close() throws IOException {
        takeNoMore();
        claim.close();
    }

    /// What was taken is in the store when this returns, and nothing will be taken any more.
    void takeNoMore() {
        closed = true;
        taking.writeLock().lock();
        taking.writeLock().unlock();
    }

    boolean isClosed() {
        return closed;
    }

    /// Where what is taken goes.
    DiskFile file() {
        return target.file();
    }

    /// Writes a chunk to all its places, if the image has one for each of its blocks. If it did, this is not closed
    /// until the same thread has called [#letGo].
    boolean take(Chunk chunk) throws IOException {
        int index = image.chunk(chunk.id());
        // Never waits: who takes for one fill may hold others.
        if (index < 0
                || !image.isWhole(index, chunk.header())
                || !taking.readLock().tryLock()) {
            return false;
        }
        boolean taken = false;
        try {
            taken = !closed && writeWhole(index, decode(chunk));
            return taken;
        } catch (TargetRefused e) {
            throw new StoreRefused("chunk " + chunk.id() + " not kept: " + e.getMessage(), e);
        } finally {
            if (!taken) {
                letGo();
            }
        }
    }

    /// The store has what was taken, or will not have it.
    void letGo() {
        taking.readLock().unlock();
    }

    private boolean writeWhole(int index, ByteBuffer raw) throws IOException {
        if (isCutOff(index, raw)) {
            return false;
        }
        write(index, raw);
        return true;
    }

    /// The caller has verified them.
    private ByteBuffer decode(Chunk chunk) throws IOException {
        ByteBuffer raw = ByteBuffer.allocateDirect(chunk.header().rawBytes());
        for (int frame = 0; frame < chunk.frames().size(); frame++) {
            int bytes = Frame.blocksOf(frame, chunk.header().blocks()) * Block.BYTES;
            raw.put(registry.tools().codec().decode(chunk.frames().get(frame), bytes));
        }
        return raw;
    }

    private void requireAll() throws Unreachable {
        for (ChunkEntry chunk : image.manifest().chunks()) {
            if (!registry.store().has(chunk.id())) {
                throw new Unreachable("chunk " + chunk.id() + " of manifest "
                        + image.manifest().id() + ": expected it in the store, found it missing");
            }
        }
    }

    private void write(int index) throws IOException {
        ChunkId id = image.id(index);
        BitSet wanted = new BitSet();
        for (Extent use : image.uses(index)) {
            wanted.set(use.blockInChunk(), use.blockInChunk() + (int) use.blocks());
        }
        ByteBuffer raw = ByteBuffer.allocateDirect(ChunkHeader.BLOCKS_MAX * Block.BYTES);
        registry.blocks().read(id, wanted, raw);
        write(index, raw);
    }

    private void write(int index, ByteBuffer raw) throws IOException {
        for (Extent use : image.uses(index)) {
            ByteBuffer run = raw.slice(use.blockInChunk() * Block.BYTES, (int) use.blocks() * Block.BYTES);
            target.write(run, use.firstBlock(), image.length());
        }
        synchronized (placed) {
            placed.set(index);
        }
    }

    private long bytes(int index) {
        return image.uses(index).stream().mapToLong(Extent::blocks).sum() * Block.BYTES;
    }

    /// Whether bytes of the chunk would be lost behind the end of the image.
    private boolean isCutOff(int index, ByteBuffer raw) {
        for (Extent use : image.uses(index)) {
            if (use.end() == image.blocks() && image.isPartial(use.end() - 1)) {
                int at = (use.blockInChunk() + (int) use.blocks() - 1) * Block.BYTES
                        + (int) (image.length() % Block.BYTES);
                int end = Math.ceilDiv(at, Block.BYTES) * Block.BYTES;
                if (!Block.isZero(raw.slice(at, end - at))) {
                    return true;
                }
            }
        }
        return false;
    }
}
