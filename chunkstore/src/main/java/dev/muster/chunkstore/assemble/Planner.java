package dev.muster.chunkstore.assemble;

import dev.muster.chunkstore.assemble.Plan.Decode;
import dev.muster.chunkstore.assemble.Plan.Keep;
import dev.muster.chunkstore.assemble.Plan.Operation;
import dev.muster.chunkstore.assemble.Plan.Zero;
import dev.muster.protocol.content.Extent;
import dev.muster.protocol.content.Manifest;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/// Gathers what is to be done, in image order, into operations. For one thread.
final class Planner {
    private final List<Operation> operations = new ArrayList<>();
    private final Map<Integer, List<Extent>> chunks = new LinkedHashMap<>();

    private Planner() {}

    /// For a target that reads as zeros.
    static Plan forBlank(Manifest manifest) {
        Planner planner = new Planner();
        manifest.extents().forEach(planner::add);
        return planner.finish(manifest);
    }

    /// For a target that may hold some of the image: all of it is read.
    static Plan forContent(Manifest manifest, Comparison comparison, Work work) throws IOException {
        record Found(Extent run, boolean right) {}
        Queue<Found> found = new ConcurrentLinkedQueue<>();
        try (work) {
            comparison.begin(work, (run, right) -> found.add(new Found(run, right)));
        }
        Planner planner = new Planner();
        found.stream()
                .sorted(Comparator.comparingLong(each -> each.run.firstBlock()))
                .forEach(each -> {
                    if (each.right) {
                        planner.keep(each.run);
                    } else {
                        planner.add(each.run);
                    }
                });
        return planner.finish(manifest);
    }

    private void add(Extent run) {
        switch (run.kind()) {
            case ZERO, HOLE -> zero(run);
            case CHUNK ->
                chunks.computeIfAbsent(run.chunk(), _ -> new ArrayList<>()).add(run);
        }
    }

    private void keep(Extent run) {
        if (!operations.isEmpty()
                && operations.getLast() instanceof Keep(long first, long blocks)
                && first + blocks == run.firstBlock()) {
            operations.removeLast();
            operations.add(new Keep(first, blocks + run.blocks()));
        } else {
            operations.add(new Keep(run.firstBlock(), run.blocks()));
        }
    }

    private void zero(Extent run) {
        if (!operations.isEmpty()
                && operations.getLast() instanceof Zero(long first, long blocks)
                && first + blocks == run.firstBlock()) {
            operations.removeLast();
            operations.add(new Zero(first, blocks + run.blocks()));
        } else {
            operations.add(new Zero(run.firstBlock(), run.blocks()));
        }
    }

    /// Chunks in the order in which the image first needs them.
    private Plan finish(Manifest manifest) {
        chunks.forEach((chunk, runs) -> operations.add(new Decode(chunk, runs)));
        return new Plan(manifest, operations);
    }
}
