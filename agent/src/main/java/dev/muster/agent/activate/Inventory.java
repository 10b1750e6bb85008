package dev.muster.agent.activate;

import dev.muster.agent.document.Documents;
import dev.muster.protocol.trust.document.Artifact;
import dev.muster.protocol.trust.document.HostReport;
import dev.muster.protocol.trust.document.Release;
import dev.muster.protocol.trust.document.Signed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/// What this host runs, as its links say: a name runs a release when every artifact of it is linked.
final class Inventory {
    private final Path images;
    private final Documents documents;

    /// @param images `HOME/images`
    Inventory(Path images, Documents documents) {
        this.images = images;
        this.documents = documents;
    }

    Slots slots(String name) {
        return new Slots(images.resolve(name));
    }

    boolean runs(Release release) throws IOException {
        Slots slots = slots(release.name().name());
        for (Artifact artifact : release.artifacts()) {
            if (!slots.current(artifact.role()).equals(Optional.of(artifact.manifest()))) {
                return false;
            }
        }
        return true;
    }

    /// By name. Where several releases have the same images, the pinned one counts, else the newest.
    SortedMap<String, HostReport.Image> running(Map<String, Signed<Release>> pinned) throws IOException {
        SortedMap<String, HostReport.Image> running = new TreeMap<>();
        for (String name : names()) {
            List<Signed<Release>> candidates = new ArrayList<>();
            Optional.ofNullable(pinned.get(name)).ifPresent(candidates::add);
            documents.releases().stream()
                    .filter(each -> each.document().name().name().equals(name))
                    .sorted(Comparator.comparingLong(
                                    (Signed<Release> each) -> each.document().counter())
                            .reversed())
                    .forEach(candidates::add);
            for (Signed<Release> candidate : candidates) {
                if (runs(candidate.document())) {
                    running.put(name, image(candidate));
                    break;
                }
            }
        }
        return running;
    }

    static HostReport.Image image(Signed<Release> release) {
        return new HostReport.Image(release.hash(), release.document().primary().manifest());
    }

    private List<String> names() throws IOException {
        if (!Files.isDirectory(images)) {
            return List.of();
        }
        try (Stream<Path> directories = Files.list(images)) {
            return directories
                    .filter(Files::isDirectory)
                    .map(path -> String.valueOf(path.getFileName()))
                    .sorted()
                    .toList();
        }
    }
}
