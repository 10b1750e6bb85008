package dev.muster.chunkstore.assemble;

import dev.muster.chunkstore.Progress;
import dev.muster.chunkstore.assemble.Plan.Clone;
import dev.muster.chunkstore.assemble.Plan.Copy;
import dev.muster.chunkstore.assemble.Plan.Decode;
import dev.muster.chunkstore.assemble.Plan.Fetch;
import dev.muster.chunkstore.assemble.Plan.Keep;
import dev.muster.chunkstore.assemble.Plan.OfChunk;
import dev.muster.chunkstore.assemble.Plan.Operation;
import dev.muster.chunkstore.assemble.Plan.Zero;
import dev.muster.chunkstore.codec.FrameCodec;
import dev.muster.chunkstore.linux.LinuxException;
import dev.muster.chunkstore.linux.LinuxFile;
import dev.muster.chunkstore.store.ChunkSource;
import dev.muster.chunkstore.store.Presence;
import dev.muster.protocol.MusterException.Corrupt;
import dev.muster.protocol.MusterException.Unreachable;
import dev.muster.protocol.content.Block;
import dev.muster.protocol.content.Chunk;
import dev.muster.protocol.content.ChunkEntry;
import dev.muster.protocol.content.ChunkHeader;
import dev.muster.protocol.content.ChunkId;
import dev.muster.protocol.content.Extent;
import dev.muster.protocol.content.Frame;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.LongAdder;

/// The operations of a plan on a target. For many threads.
///
/// What cannot be cloned after all is copied, and what cannot be copied is decoded: the source, which checks
/// every byte of a record, has the last word on what is wrong with it.
final class PlanRun {
    /// How many zeros are asked for at once, so that it can be told how far it has come: 256 MiB.
    private static final long ZERO_BLOCKS = 1 << 16;

    private static final Logger LOG = System.getLogger(PlanRun.class.getName());

    private final Plan plan;
    private final ChunkSource source;
    private final FrameCodec codec;
    private final Target target;
    private final Buffers buffers;
    private final Progress progress;
    private final Headers headers;
    private final LongAdder written = new LongAdder();
    /// What was really cloned.
    private final Queue<Clone> cloned = new ConcurrentLinkedQueue<>();

    PlanRun(Plan plan, ChunkSource source, FrameCodec codec, Target target, Buffers buffers, Progress progress) {
        this.plan = plan;
        this.source = source;
        this.codec = codec;
        this.target = target;
        this.buffers = buffers;
        this.progress = progress;
        this.headers = new Headers(plan.manifest(), source);
    }

    void carryOut(Operation operation) throws IOException {
        switch (operation) {
            case Keep _ -> {}
            case Zero zero -> zero(zero);
            case OfChunk ofChunk -> {
                carryOut(ofChunk);
                progress.advance(plan.bytes(ofChunk));
            }
        }
    }

    private void carryOut(OfChunk operation) throws IOException {
        switch (operation) {
            case Clone clone -> clone(clone);
            case Copy copy -> copy(copy);
            case Decode(int chunk, List<Extent> runs) -> decode(chunk, runs);
            case Fetch(int chunk, List<Extent> runs) -> decode(chunk, runs);
        }
    }

    long writtenBytes() {
        return written.sum();
    }

    long clonedBytes() {
        return cloned.stream().mapToLong(plan::bytes).sum();
    }

    /// What was missing when the plan was made has to be here by now.
    ///
    /// @throws Unreachable if it is not
    void requireAll(Crew crew) throws IOException {
        List<ChunkId> missing = plan.operations().stream()
                .filter(Fetch.class::isInstance)
                .map(operation -> id((Fetch) operation))
                .toList();
        int absent = Presences.ask(source, missing, crew).indexOf(Presence.ABSENT);
        if (absent >= 0) {
            throw unreachable(missing.get(absent));
        }
    }

    /// A record that was collected meanwhile may have been cloned as zeros. It is not where it was then, so
    /// that is found out, and its blocks are written.
    void writeWhatMoved(Crew crew) throws IOException {
        List<Clone> clones = List.copyOf(cloned);
        List<Presence> now = Presences.ask(source, clones.stream().map(this::id).toList(), crew);
        for (int i = 0; i < clones.size(); i++) {
            Clone clone = clones.get(i);
            if (!now.get(i).equals(clone.place())) {
                cloned.remove(clone);
                decode(clone.chunk(), clone.runs());
            }
        }
    }

    private void zero(Zero zero) throws IOException {
        long end = zero.firstBlock() + zero.blocks();
        for (long at = zero.firstBlock(); at < end; at += ZERO_BLOCKS) {
            long bytes = plan.bytes(at, Math.min(ZERO_BLOCKS, end - at));
            target.zero(at * Block.BYTES, bytes, zero.discard());
            progress.advance(bytes);
        }
    }

    private void clone(Clone clone) throws IOException {
        List<Extent> left = new ArrayList<>(clone.runs());
        List<Extent> shared = new ArrayList<>();
        try (LinuxFile file = LinuxFile.openToRead(clone.place().file())) {
            while (!left.isEmpty() && share(file, clone.place(), left.getFirst())) {
                shared.add(left.removeFirst());
            }
        } catch (LinuxException e) {
            LOG.log(Level.DEBUG, "not cloned: file={0} cause={1}", clone.place().file(), e.getMessage());
        }
        if (!shared.isEmpty()) {
            cloned.add(new Clone(clone.chunk(), clone.place(), shared));
        }
        if (!left.isEmpty()) {
            copy(new Copy(clone.chunk(), clone.place(), left));
        }
    }

    private boolean share(LinuxFile file, Presence.Plain place, Extent run) throws IOException {
        long from = place.offset() + (long) run.blockInChunk() * Block.BYTES;
        return target.share(file, from, run.blocks() * Block.BYTES, run.firstBlock() * Block.BYTES);
    }

    private void copy(Copy copy) throws IOException {
        List<Extent> left = new ArrayList<>(copy.runs());
        ChunkHeader header = headers.get(copy.chunk());
        ByteBuffer buffer = buffers.take();
        try (PlainBlocks blocks = PlainBlocks.open(copy.place())) {
            while (!left.isEmpty() && blocks.read(left.getFirst(), header, buffer)) {
                write(left.removeFirst(), buffer);
            }
        }
        buffers.giveBack(buffer);
        if (!left.isEmpty()) {
            decode(copy.chunk(), left);
        }
    }

    private void decode(int index, List<Extent> runs) throws IOException {
        Chunk chunk = chunk(plan.manifest().chunks().get(index));
        ByteBuffer buffer = buffers.take();
        BitSet frames = framesOf(runs);
        for (int i = frames.nextSetBit(0); i >= 0; i = frames.nextSetBit(i + 1)) {
            buffer.clear().position(i * Frame.RAW_BYTES);
            codec.decode(chunk.header(), i, chunk.frames().get(i), buffer);
        }
        buffer.clear();
        for (Extent run : runs) {
            write(run, buffer.slice(run.blockInChunk() * Block.BYTES, (int) run.blocks() * Block.BYTES));
        }
        buffers.giveBack(buffer);
    }

    /// Writes a run, whose blocks the buffer starts with.
    private void write(Extent run, ByteBuffer blocks) throws IOException {
        int bytes = (int) plan.bytes(run.firstBlock(), run.blocks());
        target.write(blocks.slice(0, bytes), run.firstBlock() * Block.BYTES);
        written.add(bytes);
    }

    private Chunk chunk(ChunkEntry entry) throws IOException {
        Chunk chunk = source.chunk(entry.id()).orElseThrow(() -> unreachable(entry.id()));
        if (!chunk.id().equals(entry.id()) || chunk.header().blocks() != entry.blocks()) {
            throw new Corrupt("chunk " + entry.id() + ": expected " + entry.blocks() + " blocks of that name, found "
                    + chunk.header());
        }
        return chunk;
    }

    private ChunkId id(OfChunk operation) {
        return plan.manifest().chunks().get(operation.chunk()).id();
    }

    private Unreachable unreachable(ChunkId id) {
        return new Unreachable(
                "no chunk " + id + " of manifest " + plan.manifest().id());
    }

    /// The frames that hold a block that is needed.
    private static BitSet framesOf(List<Extent> runs) {
        BitSet frames = new BitSet();
        for (Extent run : runs) {
            int last = run.blockInChunk() + (int) run.blocks() - 1;
            frames.set(run.blockInChunk() / Frame.BLOCKS, last / Frame.BLOCKS + 1);
        }
        return frames;
    }
}
