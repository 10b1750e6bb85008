package dev.muster.chunkstore.assemble;

import dev.muster.chunkstore.assemble.Plan.Clone;
import dev.muster.chunkstore.assemble.Plan.Copy;
import dev.muster.chunkstore.assemble.Plan.Decode;
import dev.muster.chunkstore.assemble.Plan.Fetch;
import dev.muster.chunkstore.assemble.Plan.Keep;
import dev.muster.chunkstore.assemble.Plan.Operation;
import dev.muster.chunkstore.assemble.Plan.Zero;
import dev.muster.chunkstore.store.Presence;
import dev.muster.protocol.content.Block;
import dev.muster.protocol.content.Extent;
import dev.muster.protocol.content.Extent.Kind;
import dev.muster.protocol.content.Manifest;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/// Gathers what is to be done, in image order, into operations. For one thread.
///
/// Blocks of a chunk make one operation, wherever in the image they go: it is read once. A record's blocks
/// lie one after the other and the next record's do not, so a run within a chunk is also the longest that can
/// be cloned at once.
final class Planner {
    private final Manifest manifest;
    private final List<Operation> operations = new ArrayList<>();
    private final Map<Integer, List<Extent>> chunks = new LinkedHashMap<>();

    Planner(Manifest manifest) {
        this.manifest = manifest;
    }

    /// The target has these blocks already.
    void keep(Extent run) {
        if (!operations.isEmpty()
                && operations.getLast() instanceof Keep(long first, long blocks)
                && first + blocks == run.firstBlock()) {
            operations.removeLast();
            operations.add(new Keep(first, blocks + run.blocks()));
        } else {
            operations.add(new Keep(run.firstBlock(), run.blocks()));
        }
    }

    /// The target lacks these blocks.
    void add(Extent run) {
        switch (run.kind()) {
            case ZERO, HOLE -> zero(run);
            case CHUNK -> {
                List<Extent> runs = chunks.computeIfAbsent(run.chunk(), _ -> new ArrayList<>());
                if (!runs.isEmpty() && runs.getLast().continuesWith(run)) {
                    runs.add(runs.removeLast().joinedWith(run));
                } else {
                    runs.add(run);
                }
            }
        }
    }

    private void zero(Extent run) {
        boolean hole = run.kind() == Kind.HOLE;
        if (!operations.isEmpty()
                && operations.getLast() instanceof Zero(long first, long blocks, boolean discard)
                && first + blocks == run.firstBlock()
                && discard == hole) {
            operations.removeLast();
            operations.add(new Zero(first, blocks + run.blocks(), hole));
        } else {
            operations.add(new Zero(run.firstBlock(), run.blocks(), hole));
        }
    }

    /// What can be done with a file of plain blocks.
    enum Means {
        CLONE,
        COPY,
        NOTHING
    }

    /// Chunks in the order in which the image first needs them.
    ///
    /// @param presence how each chunk of the manifest is here
    /// @param means what can be done with each file
    Plan finish(List<Presence> presence, Function<Path, Means> means) {
        chunks.forEach((chunk, runs) -> {
            switch (presence.get(chunk)) {
                case Presence.Absent _ -> operations.add(new Fetch(chunk, runs));
                case Presence.Frames _ -> operations.add(new Decode(chunk, runs));
                case Presence.Plain place -> {
                    switch (means.apply(place.file())) {
                        case CLONE -> addClone(chunk, place, runs);
                        case COPY -> operations.add(new Copy(chunk, place, runs));
                        case NOTHING -> operations.add(new Decode(chunk, runs));
                    }
                }
            }
        });
        return new Plan(manifest, operations);
    }

    /// The last block of an image may be a part of one, and only whole blocks are cloned.
    private void addClone(int chunk, Presence.Plain place, List<Extent> runs) {
        long wholeBlocks = manifest.shape().length() / Block.BYTES;
        List<Extent> whole = new ArrayList<>(runs);
        Extent last = runs.getLast();
        if (last.end() > wholeBlocks) {
            int before = (int) (last.blocks() - 1);
            whole.removeLast();
            if (before > 0) {
                whole.add(Extent.ofChunk(last.firstBlock(), before, chunk, last.blockInChunk()));
            }
            Extent part = Extent.ofChunk(wholeBlocks, 1, chunk, last.blockInChunk() + before);
            operations.add(new Copy(chunk, place, List.of(part)));
        }
        if (!whole.isEmpty()) {
            operations.add(new Clone(chunk, place, whole));
        }
    }
}
