package dev.muster.chunkstore.assemble;

import dev.muster.chunkstore.Progress;
import dev.muster.chunkstore.assemble.Comparison.Part;
import dev.muster.chunkstore.assemble.Planner.Means;
import dev.muster.chunkstore.codec.FrameCodec;
import dev.muster.chunkstore.store.ChunkSource;
import dev.muster.chunkstore.store.Presence;
import dev.muster.protocol.MusterException.Corrupt;
import dev.muster.protocol.MusterException.TargetRefused;
import dev.muster.protocol.MusterException.Unreachable;
import dev.muster.protocol.content.ChunkEntry;
import dev.muster.protocol.content.ChunkId;
import dev.muster.protocol.content.Extent;
import dev.muster.protocol.content.Extent.Kind;
import dev.muster.protocol.content.Manifest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;

/// Writes images to targets. Safe for many threads, each with a target of its own.
///
/// The executor does the reading, decoding, hashing and writing; the calling thread waits. At most `atOnce` chunks are
/// in memory at a time. The phases of its progress are `compare`, `write`, `flush` and `verify`.
public final class Assembler {
    private static final int PRESENCE_BATCH = 256;

    private final FrameCodec codec;
    private final Executor executor;
    private final int atOnce;
    private final Sharing sharing = new Sharing();
    private final Buffers buffers = new Buffers();

    /// @param atOnce how many chunks are worked on at a time; 8 to 16 keep a fast disk busy
    public Assembler(FrameCodec codec, Executor executor, int atOnce) {
        if (atOnce < 1) {
            throw new IllegalArgumentException("at least one chunk at a time, not " + atOnce);
        }
        this.codec = codec;
        this.executor = executor;
        this.atOnce = atOnce;
    }

    /// What [#run] will do. A target that is not blank is read for it, to keep what is right. Nothing changes.
    ///
    /// @param source has the image; what it lacks, the plan says
    public Plan plan(Manifest manifest, ChunkSource source, Target target, Progress progress) throws IOException {
        List<Presence> presence = presence(manifest.chunks(), source);
        Planner planner = new Planner(manifest);
        Headers headers = new Headers(manifest, source);
        switch (target.content()) {
            case BLANK -> manifest.extents().forEach(planner::add);
            case OWN -> compare(manifest, presence, comparison(manifest, headers, target, progress), planner, progress);
            case FORMER -> {
                boolean same = !presence.contains(Presence.ABSENT)
                        && isSame(manifest, comparison(manifest, headers, target, progress), progress);
                manifest.extents().forEach(same ? planner::keep : planner::add);
            }
        }
        Map<Path, Means> known = new HashMap<>();
        return planner.finish(presence, file -> known.computeIfAbsent(file, each -> means(each, target)));
    }

    /// In batches, several at once: a store may have to read a little of each chunk.
    private List<Presence> presence(List<ChunkEntry> chunks, ChunkSource source) throws IOException {
        List<ChunkId> ids = chunks.stream().map(ChunkEntry::id).toList();
        List<Presence> all = new ArrayList<>(Collections.nCopies(ids.size(), Presence.ABSENT));
        try (Work work = new Work(executor, atOnce)) {
            boolean going = true;
            for (int from = 0; going && from < ids.size(); from += PRESENCE_BATCH) {
                int end = Math.min(from + PRESENCE_BATCH, ids.size());
                List<Presence> some = all.subList(from, end);
                List<ChunkId> asked = ids.subList(from, end);
                going = work.begin(() -> Collections.copy(some, source.presence(asked)));
            }
        }
        return all;
    }

    private Means means(Path file, Target target) {
        if (target.sharing(file, sharing)) {
            return Means.CLONE;
        }
        return Files.isReadable(file) ? Means.COPY : Means.NOTHING;
    }

    /// As [#run] with [Check#WRITTEN].
    public AssembleReport run(Plan plan, ChunkSource source, Target target, Progress progress) throws IOException {
        return run(plan, source, target, Check.WRITTEN, progress);
    }

    /// Carries out a plan that was made for this target, and commits it. After a failure a file that was to be replaced
    /// is as it was when the target is closed, and any other target holds something between what it did and what it
    /// should.
    ///
    /// @throws Corrupt if a chunk is not what it is called, and then nothing of it was written; or if what was written
    ///     does not come back
    /// @throws Unreachable if the source does not have a chunk
    /// @throws TargetRefused if the target is full, or fails
    public AssembleReport run(Plan plan, ChunkSource source, Target target, Check check, Progress progress)
            throws IOException {
        Manifest manifest = plan.manifest();
        Plan.Bytes bytes = plan.bytes();
        PlanRun run = new PlanRun(plan, source, codec, target, buffers, progress);
        run.requireAll();
        target.reserve(bytes.written());
        progress.phase("write", manifest.shape().length() - bytes.keep());
        try (Work work = new Work(executor, atOnce)) {
            boolean going = true;
            for (int i = 0; going && i < plan.operations().size(); i++) {
                Plan.Operation operation = plan.operations().get(i);
                going = work.begin(() -> run.carryOut(operation));
            }
        }
        run.writeWhatMoved();
        progress.phase("flush", manifest.shape().length());
        target.flush(progress);
        verify(plan, source, target, check, progress);
        target.commit();
        long cloned = run.clonedBytes();
        return new AssembleReport(
                run.writtenBytes(), bytes.zero(), bytes.keep(), cloned, check == Check.WRITTEN ? cloned : 0);
    }

    private void verify(Plan plan, ChunkSource source, Target target, Check check, Progress progress)
            throws IOException {
        Manifest manifest = plan.manifest();
        List<Extent> extents =
                switch (check) {
                    case WRITTEN -> List.of();
                    case CLONED -> plan.cloned();
                    case FULL -> manifest.extents();
                };
        if (extents.isEmpty()) {
            return;
        }
        if (check == Check.FULL) {
            target.forget();
        }
        Comparison comparison = comparison(manifest, new Headers(manifest, source), target, progress);
        progress.phase("verify", comparison.bytes(extents));
        Optional<Extent> wrong = comparison.firstWrong(extents, new Work(executor, atOnce));
        if (wrong.isPresent()) {
            throw new Corrupt("written image " + manifest.id() + ": expected block "
                    + wrong.get().firstBlock() + " to be " + comparison.expected(wrong.get()) + ", found "
                    + comparison.found(wrong.get().firstBlock()));
        }
    }

    private boolean isSame(Manifest manifest, Comparison comparison, Progress progress) throws IOException {
        progress.phase("compare", manifest.shape().length());
        return comparison
                .firstWrong(manifest.extents(), new Work(executor, atOnce))
                .isEmpty();
    }

    /// Of chunks that are not here there may be no headers: nobody can tell whether their blocks are right.
    private void compare(
            Manifest manifest, List<Presence> presence, Comparison comparison, Planner planner, Progress progress)
            throws IOException {
        List<Extent> known = new ArrayList<>();
        List<Part> parts = new ArrayList<>();
        for (Extent extent : manifest.extents()) {
            if (extent.kind() == Kind.CHUNK && presence.get(extent.chunk()) == Presence.ABSENT) {
                parts.add(new Part(extent, false));
            } else {
                known.add(extent);
            }
        }
        progress.phase("compare", comparison.bytes(known));
        parts.addAll(comparison.parts(known, new Work(executor, atOnce)));
        parts.sort(Comparator.comparingLong(part -> part.extent().firstBlock()));
        for (Part part : parts) {
            if (part.right()) {
                planner.keep(part.extent());
            } else {
                planner.add(part.extent());
            }
        }
    }

    private Comparison comparison(Manifest manifest, Headers headers, Target target, Progress progress) {
        return new Comparison(manifest, headers, target, buffers, progress);
    }
}
