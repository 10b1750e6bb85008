package dev.muster.coordinator.api;

import dev.muster.coordinator.catalog.Catalog;
import dev.muster.coordinator.rollout.Capacity;
import dev.muster.coordinator.rollout.Forecast;
import dev.muster.coordinator.rollout.Group;
import dev.muster.coordinator.rollout.Groups;
import dev.muster.coordinator.rollout.Rollouts;
import dev.muster.protocol.MusterException.Unknown;
import dev.muster.protocol.content.ManifestHead;
import dev.muster.protocol.content.ManifestId;
import dev.muster.protocol.trust.document.Artifact;
import dev.muster.protocol.trust.document.Names;
import dev.muster.protocol.trust.document.Release;
import dev.muster.protocol.trust.document.Signed;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// What a forecast is made of, and what came of it. Nothing is simulated here.
final class PlanApi {
    private static final int BODY_BYTES_MAX = 64 * 1024;
    private static final long MILLIS_MAX = Duration.ofDays(3650).toMillis();

    private final Catalog catalog;
    private final Groups groups;
    private final Rollouts rollouts;
    private final InstantSource clock;

    PlanApi(Catalog catalog, Groups groups, Rollouts rollouts, InstantSource clock) {
        this.catalog = catalog;
        this.groups = groups;
        this.rollouts = rollouts;
        this.clock = clock;
    }

    List<Endpoint> endpoints() {
        return List.of(
                Endpoint.get("/v1/capacity", Access.VIEWER, this::capacity),
                Endpoint.post("/v1/forecasts", Access.OPERATOR, BODY_BYTES_MAX, this::forecast));
    }

    private Answer capacity(Ask ask) throws IOException {
        Group group = groups.get(ask.text("group"));
        Optional<Release> release =
                ask.has("ref") ? Optional.of(catalog.resolve(ask.text("ref")).document()) : Optional.empty();
        Capacity capacity = rollouts.capacity(
                group,
                release.map(each ->
                        new Capacity.Image(each.name().name(), each.primary().manifest())),
                ask.number("wiped", 1) == 1);
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("hosts", capacity.hosts().stream().map(PlanApi::view).toList());
        Map<String, Object> wan = new LinkedHashMap<>();
        capacity.wan().forEach((site, link) -> wan.put(site, view(link, Capacity.Known.SEEN)));
        answer.put("wan", wan);
        if (release.isPresent()) {
            answer.put("image", release.get().name().toString());
            answer.put("chunks", chunks(release.get()));
        }
        return Answer.json(answer);
    }

    private static Map<String, Object> view(Capacity.Member member) {
        Map<String, Object> view = new LinkedHashMap<>();
        view.put("id", member.id());
        view.put("name", member.name());
        view.put("site", member.site());
        view.putAll(view(member.link(), member.known()));
        view.put("source", member.holding() != Capacity.Holding.NONE);
        return view;
    }

    private static Map<String, Object> view(Capacity.Link link, Capacity.Known known) {
        Map<String, Object> view = new LinkedHashMap<>();
        view.put("up", link.up());
        view.put("down", link.down());
        view.put("limit", link.limit());
        view.put("known", known.name().toLowerCase(Locale.ROOT));
        return view;
    }

    /// Of all of its images, the same one once.
    private long chunks(Release release) throws Unknown {
        long chunks = 0;
        for (ManifestId id :
                release.artifacts().stream().map(Artifact::manifest).distinct().toList()) {
            ManifestHead head = catalog.head(id);
            chunks += head.chunks().entries();
        }
        return chunks;
    }

    private Answer forecast(Ask ask) throws IOException {
        Fields fields = ask.fields();
        Group group = groups.get(fields.text("group"));
        Signed<Release> release = catalog.resolve(fields.text("ref"));
        Forecast forecast = new Forecast(
                clock.millis(),
                Duration.ofMillis(fields.number("halfMillis", MILLIS_MAX, 0)),
                Duration.ofMillis(fields.number("mostMillis", MILLIS_MAX, 0)),
                Duration.ofMillis(fields.number("allMillis", MILLIS_MAX, 0)),
                Names.printable(fields.text("bottleneck"), Forecast.BOTTLENECK_BYTES_MAX));
        fields.end();
        rollouts.plan(group, release, forecast);
        return Answer.json(Map.of("release", release.hash().toString(), "group", group.name()));
    }
}
