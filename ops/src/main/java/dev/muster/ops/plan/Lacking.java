package dev.muster.ops.plan;

import com.fasterxml.jackson.databind.JsonNode;
import dev.muster.agent.control.RemoteStore;
import dev.muster.protocol.MusterException.Unknown;
import dev.muster.protocol.MusterException.Unreachable;
import dev.muster.protocol.content.ChunkEntry;
import dev.muster.protocol.content.ChunkId;
import dev.muster.protocol.content.Manifest;
import dev.muster.protocol.content.ManifestId;
import java.io.IOException;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
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
    /// @param hosts of the status, the group's; none: those that have nothing
    public static long bytes(RemoteStore store, JsonNode image, List<JsonNode> hosts) throws IOException {
        Set<ChunkId> there = new HashSet<>();
        String running = running(image, hosts);
        if (!running.isEmpty()) {
            chunks(store, ManifestId.parse(running), there);
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

    /// None of one that nobody has any more: as if the hosts had nothing.
    private static void chunks(RemoteStore store, ManifestId id, Set<ChunkId> all) throws IOException {
        try {
            store.manifest(id).chunks().forEach(chunk -> all.add(chunk.id()));
        } catch (Unknown | Unreachable _) {
            all.clear();
        }
    }

    /// Those of a status that lack the release, by what a coordinator says of the group.
    ///
    /// @param capacity hosts by id, with whether they have it
    public static List<JsonNode> lacking(JsonNode status, JsonNode capacity) {
        Set<String> asked = new HashSet<>();
        for (JsonNode host : capacity.path("hosts")) {
            if (!host.path("source").asBoolean()) {
                asked.add(host.path("id").asText());
            }
        }
        return StreamSupport.stream(status.path("hosts").spliterator(), false)
                .filter(host -> asked.contains(host.path("id").asText()))
                .toList();
    }

    /// The manifest that most hosts run that do not run this one; empty if none does.
    static String running(JsonNode image, List<JsonNode> hosts) {
        String name = image.path("image").asText();
        String label = name.substring(0, Math.max(0, name.indexOf(':')));
        return hosts.stream()
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
