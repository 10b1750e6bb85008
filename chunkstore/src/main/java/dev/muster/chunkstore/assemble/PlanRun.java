package dev.muster.chunkstore.assemble;

import dev.muster.chunkstore.Progress;
import dev.muster.chunkstore.assemble.Plan.Decode;
import dev.muster.chunkstore.assemble.Plan.Keep;
import dev.muster.chunkstore.assemble.Plan.Operation;
import dev.muster.chunkstore.assemble.Plan.Zero;
import dev.muster.chunkstore.codec.FrameCodec;
import dev.muster.chunkstore.store.ChunkSource;
import dev.muster.protocol.MusterException.Corrupt;
import dev.muster.protocol.MusterException.Unreachable;
import dev.muster.protocol.content.Block;
import dev.muster.protocol.content.Chunk;
import dev.muster.protocol.content.ChunkEntry;
import dev.muster.protocol.content.ChunkHeader;
import dev.muster.protocol.content.Extent;
import dev.muster.protocol.content.Frame;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.BitSet;
import java.util.concurrent.ConcurrentLinkedQueue;

/// The operations of a plan on a target. For many threads.
final class PlanRun {
    private static final int CHUNK_BYTES_MAX = ChunkHeader.BLOCKS_MAX * Block.BYTES;
    private static final int ZERO_BLOCKS = 256;

    private final Plan plan;
    private final ChunkSource source;
    private final FrameCodec codec;
    private final Target target;
    private final Progress progress;
    /// As many as there are threads at work, outside the heap, since they are written from.
    private final ConcurrentLinkedQueue<ByteBuffer> buffers = new ConcurrentLinkedQueue<>();

    PlanRun(Plan plan, ChunkSource source, FrameCodec codec, Target target, Progress progress) {
        this.plan = plan;
        this.source = source;
        this.codec = codec;
        this.target = target;
        this.progress = progress;
    }

    void carryOut(Operation operation) throws IOException {
        switch (operation) {
            case Keep _ -> {}
            case Zero zero -> zero(zero);
            case Decode decode -> decode(decode);
        }
    }

    private void zero(Zero zero) throws IOException {
        if (target.isBlank()) {
            progress.advance(plan.bytes(zero.firstBlock(), zero.blocks()));
            return;
        }
        ByteBuffer zeros = ByteBuffer.allocate(ZERO_BLOCKS * Block.BYTES);
        long end = zero.firstBlock() + zero.blocks();
        for (long at = zero.firstBlock(); at < end; at += ZERO_BLOCKS) {
            int bytes = (int) plan.bytes(at, Math.min(ZERO_BLOCKS, end - at));
            target.write(zeros.clear().limit(bytes), at * Block.BYTES);
            progress.advance(bytes);
        }
    }

    private void decode(Decode decode) throws IOException {
        Chunk chunk = chunk(plan.manifest().chunks().get(decode.chunk()));
        ByteBuffer pooled = buffers.poll();
        ByteBuffer buffer = pooled == null ? ByteBuffer.allocateDirect(CHUNK_BYTES_MAX) : pooled;
        BitSet frames = framesOf(decode);
        for (int i = frames.nextSetBit(0); i >= 0; i = frames.nextSetBit(i + 1)) {
            buffer.clear().position(i * Frame.RAW_BYTES);
            codec.decode(chunk.header(), i, chunk.frames().get(i), buffer);
        }
        for (Extent run : decode.runs()) {
            int bytes = (int) plan.bytes(run.firstBlock(), run.blocks());
            buffer.clear();
            target.write(buffer.slice(run.blockInChunk() * Block.BYTES, bytes), run.firstBlock() * Block.BYTES);
            progress.advance(bytes);
        }
        buffers.add(buffer);
    }

    private Chunk chunk(ChunkEntry entry) throws IOException {
        Chunk chunk = source.chunk(entry.id())
                .orElseThrow(() -> new Unreachable("no chunk " + entry.id() + " of manifest "
                        + plan.manifest().id()));
        if (!chunk.id().equals(entry.id()) || chunk.header().blocks() != entry.blocks()) {
            throw new Corrupt("chunk " + entry.id() + ": expected " + entry.blocks() + " blocks of that name, found "
                    + chunk.header());
        }
        return chunk;
    }

    /// The frames that hold a block that is needed.
    private static BitSet framesOf(Decode decode) {
        BitSet frames = new BitSet();
        for (Extent run : decode.runs()) {
            int last = run.blockInChunk() + (int) run.blocks() - 1;
            frames.set(run.blockInChunk() / Frame.BLOCKS, last / Frame.BLOCKS + 1);
        }
        return frames;
    }
}
