package dev.muster.agent.control;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.muster.chunkstore.Progress;
import dev.muster.chunkstore.store.ChunkStore;
import dev.muster.chunkstore.store.CollectPlan;
import dev.muster.chunkstore.store.CollectReport;
import dev.muster.chunkstore.store.Goal;
import dev.muster.chunkstore.store.Presence;
import dev.muster.chunkstore.store.ScrubReport;
import dev.muster.protocol.MusterException.Corrupt;
import dev.muster.protocol.content.Hash;
import dev.muster.protocol.content.ManifestHead;
import dev.muster.protocol.content.ManifestId;
import dev.muster.protocol.trust.document.Release;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;

/// Answers what is asked of the store as a whole. The requests are listed in this package's documentation.
final class StoreRequests {
    private final Served agent;

    StoreRequests(Served agent) {
        this.agent = agent;
    }

    ObjectNode answer(String verb, JsonNode request, Progress progress) throws IOException, InterruptedException {
        return switch (verb) {
            case "stat" -> Wire.JSON.valueToTree(agent.store().stat());
            case "collect" -> collect(request, progress);
            case "scrub" -> scrub(request, progress);
            case "presence" -> presence(request);
            case "likely" -> likely(request);
            default -> throw new Corrupt("control request: expected a word of the store, found " + verb);
        };
    }

    private ObjectNode collect(JsonNode request, Progress progress) throws IOException {
        ChunkStore store = agent.store();
        long bytes = request.path("bytes").asLong(0);
        if (bytes < 0) {
            throw new Corrupt("control request: expected how many bytes to free, found " + bytes);
        }
        Goal goal = new Goal(bytes, request.path("force").asBoolean());
        ObjectNode result = request.path("dryRun").asBoolean() ? plan(store, goal) : collect(store, goal, progress);
        ArrayNode last = result.putArray("last");
        last(store.plan(goal)).forEach(name -> last.add(name.toString()));
        return result;
    }

    /// Releases of which something stays here only because it goes last.
    private Set<Release.Name> last(CollectPlan plan) {
        Map<ManifestId, Release.Name> names = agent.lastCopies();
        return plan.images().stream()
                .filter(image -> image.fate() == CollectPlan.Fate.LAST)
                .map(image -> names.get(image.id()))
                .filter(Objects::nonNull)
                .collect(Collectors.toCollection(LinkedHashSet::new));
    }

    private static ObjectNode collect(ChunkStore store, Goal goal, Progress progress) throws IOException {
        CollectReport report = store.collect(goal, progress);
        ObjectNode result =
                Wire.JSON.createObjectNode().put("chunks", report.chunks()).put("bytes", report.bytes());
        ArrayNode images = result.putArray("images");
        report.images().forEach(id -> images.add(id.toString()));
        return result;
    }

    private static ObjectNode plan(ChunkStore store, Goal goal) throws IOException {
        CollectPlan plan = store.plan(goal);
        ObjectNode result = Wire.JSON
                .createObjectNode()
                .put("bytes", plan.freed())
                .put("unnamedBytes", plan.unnamed())
                .put("reclaimableBytes", plan.reclaimable());
        ArrayNode images = result.putArray("images");
        for (CollectPlan.Image image : plan.images()) {
            images.addObject()
                    .put("manifest", image.id().toString())
                    .put("fate", image.fate().name().toLowerCase(Locale.ROOT))
                    .put("bytes", image.bytes())
                    .put("exclusiveBytes", image.exclusive());
        }
        return result;
    }

    private ObjectNode scrub(JsonNode request, Progress progress) throws IOException, InterruptedException {
        JsonNode rate = request.path("rate");
        ScrubReport report = agent.scrub(
                rate.canConvertToLong() && rate.asLong() > 0 ? OptionalLong.of(rate.asLong()) : OptionalLong.empty(),
                progress);
        return Wire.JSON.valueToTree(report);
    }

    private ObjectNode presence(JsonNode request) throws IOException {
        ObjectNode result = Wire.JSON.createObjectNode();
        ArrayNode out = result.putArray("presence");
        for (Presence presence : agent.store().presence(Requests.chunks(request, Requests.IDS_MAX))) {
            ObjectNode each = out.addObject();
            switch (presence) {
                case Presence.Absent _ -> each.put("is", "absent");
                case Presence.Frames _ -> each.put("is", "frames");
                case Presence.Plain(var file, long offset) ->
                    each.put("is", "plain").put("file", file.toString()).put("offset", offset);
            }
        }
        return result;
    }

    private ObjectNode likely(JsonNode request) throws IOException {
        JsonNode ids = request.path("ids");
        int max = request.path("max").asInt(0);
        if (ids.size() > Requests.IDS_MAX || max < 0 || max > ManifestHead.PARENTS_MAX) {
            throw new Corrupt("control request: expected at most " + Requests.IDS_MAX + " hooks and "
                    + ManifestHead.PARENTS_MAX + " parents, found " + ids.size() + " and " + max);
        }
        List<Hash> hooks = new ArrayList<>(ids.size());
        for (JsonNode id : ids) {
            hooks.add(Requests.parse(id));
        }
        ObjectNode result = Wire.JSON.createObjectNode();
        ArrayNode manifests = result.putArray("manifests");
        agent.store().likely(hooks, max).forEach(id -> manifests.add(id.toString()));
        return result;
    }
}
