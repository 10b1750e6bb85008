package dev.muster.chunkstore.assemble;

import dev.muster.chunkstore.Progress;
import dev.muster.chunkstore.codec.FrameCodec;
import dev.muster.chunkstore.store.ChunkSource;
import dev.muster.protocol.MusterException.Corrupt;
import dev.muster.protocol.MusterException.TargetRefused;
import dev.muster.protocol.MusterException.Unreachable;
import dev.muster.protocol.content.Manifest;
import java.io.IOException;
import java.util.concurrent.Executor;

/// Writes images to targets. Safe for many threads, each with a target of its own.
///
/// The executor does the reading, decoding, hashing and writing; the calling thread waits. At most `atOnce` chunks are
/// in memory at a time.
public final class Assembler {
    private final FrameCodec codec;
    private final Executor executor;
    private final int atOnce;

    /// @param atOnce how many chunks are worked on at a time; 8 to 16 keep a fast disk busy
    public Assembler(FrameCodec codec, Executor executor, int atOnce) {
        if (atOnce < 1) {
            throw new IllegalArgumentException("at least one chunk at a time, not " + atOnce);
        }
        this.codec = codec;
        this.executor = executor;
        this.atOnce = atOnce;
    }

    /// What [#run] will do. A target that is not blank is read for it, to keep what is right.
    ///
    /// @param headers where the headers of the manifest's chunks are
    public Plan plan(Manifest manifest, ChunkSource headers, Target target, Progress progress) throws IOException {
        if (target.isBlank()) {
            return Planner.forBlank(manifest);
        }
        progress.phase("compare", manifest.shape().length());
        Comparison comparison = new Comparison(manifest, headers, target::read, progress);
        return Planner.forContent(manifest, comparison, new Work(executor, atOnce));
    }

    /// Carries out a plan that was made for this target, and commits it. After a failure a new file is gone when
    /// the target is closed, and a block device holds something between what it did and what it should.
    ///
    /// @throws Corrupt if a chunk is not what it is called; nothing of it was written
    /// @throws Unreachable if the source does not have a chunk
    /// @throws TargetRefused if the target is full, or fails
    public AssembleReport run(Plan plan, ChunkSource source, Target target, Progress progress) throws IOException {
        target.reserve(plan.decodeBytes());
        progress.phase("write", plan.decodeBytes() + plan.zeroBytes());
        PlanRun run = new PlanRun(plan, source, codec, target, progress);
        try (Work work = new Work(executor, atOnce)) {
            boolean going = true;
            for (int i = 0; going && i < plan.operations().size(); i++) {
                Plan.Operation operation = plan.operations().get(i);
                going = work.begin(() -> run.carryOut(operation));
            }
        }
        target.commit();
        return new AssembleReport(plan.decodeBytes(), plan.zeroBytes(), plan.keepBytes());
    }
}
