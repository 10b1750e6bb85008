package dev.muster.chunkstore.assemble;

import dev.muster.chunkstore.Progress;
import dev.muster.chunkstore.assemble.Plan.Operation;
import dev.muster.chunkstore.codec.FrameCodec;
import dev.muster.chunkstore.store.ChunkSource;
import dev.muster.protocol.MusterException.Corrupt;
import dev.muster.protocol.MusterException.TargetRefused;
import dev.muster.protocol.MusterException.Unreachable;
import dev.muster.protocol.content.Chunk;
import dev.muster.protocol.content.Extent;
import dev.muster.protocol.content.Manifest;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;

/// Writes images to targets. Safe for many threads, each with a target of its own.
///
/// The executor does the reading, decoding, hashing and writing; the calling thread waits. At most `atOnce`
/// chunks are in memory at a time. The phases of its progress are `compare`, `write`, `flush` and `verify`.
public final class Assembler {
    private final FrameCodec codec;
    private final Crew crew;
    private final Sharing sharing = new Sharing();
    private final Buffers buffers = new Buffers();

    /// @param executor with as many threads as cores, or a few more where the disk is slow
    /// @param atOnce how many chunks are worked on at a time; 8 to 16 keep a fast disk busy
    public Assembler(FrameCodec codec, Executor executor, int atOnce) {
        this.codec = codec;
        this.crew = new Crew(executor, atOnce);
    }

    /// What [#run] will do. A target that is not blank is read for it, to keep what is right. Nothing changes.
    ///
    /// @param source has the image; what it lacks, the plan says
    public Plan plan(Manifest manifest, ChunkSource source, Target target, Progress progress) throws IOException {
        return new Planning(manifest, source, target, crew, sharing)
                .plan(comparison(manifest, source, target, progress), progress);
    }

    /// As the other, with [Check#CLONED].
    public AssembleReport run(Plan plan, ChunkSource source, Target target, Progress progress) throws IOException {
        return run(plan, source, target, Check.CLONED, progress);
    }

    /// Carries out a plan that was made for this target, and commits it. After a failure a file that was to be
    /// replaced is as it was once the target is closed, and any other target holds something between what it
    /// did and what it should.
    ///
    /// @param source must keep what it has of the image until this returns
    /// @throws Corrupt if a chunk is not what it is called, and then nothing of it was written; or if what was
    ///     written does not come back
    /// @throws Unreachable if the source does not have a chunk
    /// @throws TargetRefused if the target is full, or fails
    public AssembleReport run(Plan plan, ChunkSource source, Target target, Check check, Progress progress)
            throws IOException {
        long length = plan.manifest().shape().length();
        Plan.Bytes bytes = plan.bytes();
        PlanRun run = new PlanRun(plan, source, codec, target, buffers, progress);
        run.requireAll(crew);
        target.reserve(bytes.written());
        progress.phase("write", length - bytes.keep());
        try (Work work = crew.begin()) {
            boolean going = true;
            for (int i = 0; going && i < plan.operations().size(); i++) {
                Operation operation = plan.operations().get(i);
                going = work.begin(() -> run.carryOut(operation));
            }
        }
        run.writeWhatMoved(crew);
        progress.phase("flush", length);
        target.flush(progress);
        verify(plan, source, target, check, progress);
        target.commit();
        return new AssembleReport(run.writtenBytes(), bytes.zero(), bytes.keep(), run.clonedBytes());
    }

    private void verify(Plan plan, ChunkSource source, Target target, Check check, Progress progress)
            throws IOException {
        Manifest manifest = plan.manifest();
        List<Extent> extents = switch (check) {
            case CLONED -> plan.cloned();
            case FULL -> manifest.extents();
        };
        if (extents.isEmpty()) {
            return;
        }
        if (check == Check.FULL) {
            target.forget();
        }
        Comparison comparison = comparison(manifest, source, target, progress);
        progress.phase("verify", comparison.bytes(extents));
        Optional<Extent> wrong = comparison.firstWrong(extents);
        if (wrong.isPresent()) {
            Extent extent = wrong.get();
            if (extent.kind() == Extent.Kind.CHUNK) {
                // If that is what the source has, it says so, and has the chunk no longer: it can be fetched anew.
                Optional<Chunk> _ =
                        source.chunk(manifest.chunks().get(extent.chunk()).id());
            }
            long block = extent.firstBlock();
            throw new Corrupt("target of image " + manifest.id() + ": expected block " + block + " to be "
                    + comparison.expected(extent) + " after writing, found " + comparison.found(block));
        }
    }

    private Comparison comparison(Manifest manifest, ChunkSource source, Target target, Progress progress) {
        return new Comparison(manifest, new Headers(manifest, source), target, crew, buffers, progress);
    }
}
