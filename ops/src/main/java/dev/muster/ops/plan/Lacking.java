package dev.muster.ops.plan;

import com.fasterxml.jackson.databind.JsonNode;
import dev.muster.agent.control.RemoteStore;
import dev.muster.protocol.content.ChunkEntry;
import dev.muster.protocol.content.ChunkId;
import dev.muster.protocol.content.Manifest;
import dev.muster.protocol.content.ManifestId;
import java.io.IOException;
import java.util.Comparator;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/// How much hosts have to receive, from manifests that an agent has.
public final class Lacking {
    private Lacking() {}

    /// The bytes of a release on the wire, without what those have who run what most of the hosts run under its name.
    ///
    /// @param image as a coordinator shows it
    /// @param hosts of the status; none: those that have nothing
    public static long bytes(RemoteStore store, JsonNode image, JsonNode hosts) throws IOException {
        Set<ChunkId> there = new HashSet<>();
        String running = running(image, hosts);
        if (!running.isEmpty()) {
            chunks(store.manifest(ManifestId.parse(running)), there);
        }
        long bytes = 0;
        for (JsonNode artifact : image.path("artifacts")) {
            Manifest manifest =
                    store.manifest(ManifestId.parse(artifact.path("manifest").asText()));
            for (ChunkEntry chunk : manifest.chunks()) {
                bytes += there.add(chunk.id()) ? chunk.wireBytes() : 0;
            }
        }
        return bytes;
    }

    private static void chunks(Manifest manifest, Set<ChunkId> all) {
        manifest.chunks().forEach(chunk -> all.add(chunk.id()));
    }

    /// The manifest that most hosts run that do not run this one; empty if none does.
    private static String running(JsonNode image, JsonNode hosts) {
        String name = image.path("image").asText();
        String label = name.substring(0, Math.max(0, name.indexOf(':')));
        return StreamSupport.stream(hosts.spliterator(), false)
                .map(host -> host.path("running").path(label).path("manifest").asText())
                .filter(manifest -> !manifest.isEmpty()
                        && !manifest.equals(image.path("manifest").asText()))
                .collect(Collectors.groupingBy(Function.identity(), Collectors.counting()))
                .entrySet()
                .stream()
                .max(Comparator.<Map.Entry<String, Long>>comparingLong(Map.Entry::getValue)
                        .thenComparing(Map.Entry::getKey))
                .map(Map.Entry::getKey)
                .orElse("");
    }
}
