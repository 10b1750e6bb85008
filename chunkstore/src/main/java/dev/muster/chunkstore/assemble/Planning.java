package dev.muster.chunkstore.assemble;

import dev.muster.chunkstore.Progress;
import dev.muster.chunkstore.assemble.Comparison.Part;
import dev.muster.chunkstore.assemble.Planner.Means;
import dev.muster.chunkstore.store.ChunkSource;
import dev.muster.chunkstore.store.Presence;
import dev.muster.protocol.content.ChunkEntry;
import dev.muster.protocol.content.Extent;
import dev.muster.protocol.content.Extent.Kind;
import dev.muster.protocol.content.Manifest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Finds out what a source has of an image, and what a target has of it already. Changes nothing.
final class Planning {
    private final Manifest manifest;
    private final ChunkSource source;
    private final Target target;
    private final Crew crew;
    private final Sharing sharing;

    Planning(Manifest manifest, ChunkSource source, Target target, Crew crew, Sharing sharing) {
        this.manifest = manifest;
        this.source = source;
        this.target = target;
        this.crew = crew;
        this.sharing = sharing;
    }

    Plan plan(Comparison comparison, Progress progress) throws IOException {
        List<Presence> presence = Presences.ask(
                source, manifest.chunks().stream().map(ChunkEntry::id).toList(), crew);
        Planner planner = new Planner(manifest);
        switch (target.content()) {
            case BLANK -> manifest.extents().forEach(planner::add);
            case OWN -> compare(presence, comparison, progress, planner);
            case FORMER -> {
                boolean stays = !presence.contains(Presence.ABSENT) && isRight(comparison, progress);
                manifest.extents().forEach(stays ? planner::keep : planner::add);
            }
        }
        Map<Path, Means> known = new HashMap<>();
        return planner.finish(presence, file -> known.computeIfAbsent(file, this::means));
    }

    private boolean isRight(Comparison comparison, Progress progress) throws IOException {
        progress.phase("compare", manifest.shape().length());
        return comparison.firstWrong(manifest.extents()).isEmpty();
    }

    /// Of chunks that are not here there may be no headers: nobody can tell whether their blocks are right.
    private void compare(List<Presence> presence, Comparison comparison, Progress progress, Planner planner)
            throws IOException {
        List<Extent> known = new ArrayList<>();
        List<Part> parts = new ArrayList<>();
        for (Extent extent : manifest.extents()) {
            if (extent.kind() == Kind.CHUNK && presence.get(extent.chunk()) instanceof Presence.Absent) {
                parts.add(new Part(extent, false));
            } else {
                known.add(extent);
            }
        }
        progress.phase("compare", comparison.bytes(known));
        parts.addAll(comparison.parts(known));
        parts.sort(Comparator.comparingLong(part -> part.extent().firstBlock()));
        for (Part part : parts) {
            if (part.right()) {
                planner.keep(part.extent());
            } else {
                planner.add(part.extent());
            }
        }
    }

    private Means means(Path file) {
        if (target.sharing(file, sharing)) {
            return Means.CLONE;
        }
        return Files.isReadable(file) ? Means.COPY : Means.NOTHING;
    }
}
