package dev.muster.coordinator.api;

import dev.muster.coordinator.catalog.Catalog;
import dev.muster.coordinator.enrol.Host;
import dev.muster.coordinator.enrol.Hosts;
import dev.muster.coordinator.rollout.Director;
import dev.muster.coordinator.rollout.HostBoard;
import dev.muster.protocol.MusterException.BadConfiguration;
import dev.muster.protocol.cluster.Fleet;
import dev.muster.protocol.cluster.Presence;
import dev.muster.protocol.trust.document.HostReport;
import dev.muster.protocol.trust.document.Order;
import dev.muster.protocol.trust.document.PinBook;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/// How the fleet is: every host, site, coordinator and swarm. And how the coordinator is.
final class StatusApi {
    private static final int BODY_BYTES_MAX = 64 * 1024;
    private static final String SILENT = "silent";

    private final Hosts hosts;
    private final HostBoard board;
    private final Director director;
    private final Catalog catalog;
    private final Fleet fleet;
    private final Silence silence;

    /// When a host counts as silent.
    record Silence(Duration after, InstantSource clock) {
        boolean isSilent(HostBoard.Heard heard) {
            return clock.millis() - heard.at() > after.toMillis();
        }
    }

    StatusApi(Hosts hosts, HostBoard board, Director director, Catalog catalog, Fleet fleet, Silence silence) {
        this.hosts = hosts;
        this.board = board;
        this.director = director;
        this.catalog = catalog;
        this.fleet = fleet;
        this.silence = silence;
    }

    List<Endpoint> endpoints() {
        String host = "/v1/hosts/:id";
        return List.of(
                Endpoint.get("/v1/status", Access.OPERATOR, ask -> status()),
                Endpoint.get(host, Access.OPERATOR, ask -> Answer.json(view(hosts.get(ask.text("id"))))),
                new Endpoint(Endpoint.Method.PUT, host, Access.OPERATOR, BODY_BYTES_MAX, this::change),
                new Endpoint(Endpoint.Method.DELETE, host, Access.OPERATOR, 0, this::revoke),
                Endpoint.get("/healthz", Access.ANYBODY, ask -> Answer.text("ok\n")),
                Endpoint.get("/metrics", Access.MEMBER, ask -> metrics()));
    }

    private Answer status() {
        List<Host> members =
                hosts.all().stream().filter(host -> !host.revoked()).toList();
        Map<String, Object> status = new LinkedHashMap<>();
        status.put("hosts", members.stream().map(this::view).toList());
        status.put("sites", sites(members));
        status.put("coordinators", coordinators());
        status.put("swarms", swarms());
        return Answer.json(status);
    }

    private Answer change(Ask ask) throws IOException {
        Fields fields = ask.fields();
        Host host = hosts.get(ask.text("id"));
        String site = fields.optionalText("site").orElse(host.membership().site());
        SortedMap<String, String> labels = fields.has("labels")
                ? fields.texts("labels")
                : new TreeMap<>(host.membership().labels());
        fields.end();
        try {
            return Answer.json(view(hosts.change(host.id(), Host.membership(site, labels))));
        } catch (IllegalArgumentException e) {
            throw new BadConfiguration(String.valueOf(e.getMessage()));
        }
    }

    private Answer revoke(Ask ask) throws IOException {
        return Answer.json(Map.of("revoked", hosts.revoke(ask.text("id")).id()));
    }

    private Map<String, Object> view(Host host) {
        Optional<HostReport> report = board.newest(host.id()).map(HostBoard.Heard::report);
        return HostView.of(host, state(host), pinned(host), report);
    }

    private String state(Host host) {
        return board.newest(host.id())
                .filter(heard -> !silence.isSilent(heard))
                .map(heard -> heard.report().state().name().toLowerCase(Locale.ROOT))
                .orElse(SILENT);
    }

    private SortedMap<String, HostView.Pair> pinned(Host host) {
        SortedMap<String, HostView.Pair> pinned = new TreeMap<>();
        PinBook.Decision decision = director.decide(host.id(), host.membership().labels());
        decision.pins().forEach((name, pin) -> {
            if (pin.document().order() instanceof Order.Run(var release)) {
                String manifest = catalog.release(release)
                        .map(signed -> signed.document().primary().manifest().toString())
                        .orElse("");
                pinned.put(name, new HostView.Pair(release.toString(), manifest));
            }
        });
        return pinned;
    }

    private static List<Map<String, Object>> sites(List<Host> hosts) {
        SortedMap<String, Integer> counts = new TreeMap<>();
        hosts.forEach(host -> counts.merge(host.membership().site(), 1, Integer::sum));
        return counts.entrySet().stream()
                .map(site -> Map.<String, Object>of("id", site.getKey(), "hosts", site.getValue()))
                .toList();
    }

    private List<Map<String, String>> coordinators() {
        return fleet.present().stream()
                .filter(presence -> presence.kind() == Presence.Kind.COORDINATOR)
                .map(presence -> Map.of(
                        "id",
                        presence.id(),
                        "address",
                        presence.node().address().toString()))
                .toList();
    }

    /// What the cluster hints at: of each manifest, how many hosts take part, and how far all of them are together.
    private List<Map<String, Object>> swarms() {
        SortedMap<String, long[]> swarms = new TreeMap<>();
        for (Presence presence : fleet.present()) {
            for (Presence.Part part : presence.parts()) {
                long[] sums = swarms.computeIfAbsent(part.manifest().toString(), id -> new long[4]);
                sums[0]++;
                sums[1] += part.have() == part.chunks() ? 1 : 0;
                sums[2] += part.have();
                sums[3] += part.chunks();
            }
        }
        return swarms.entrySet().stream().map(StatusApi::swarm).toList();
    }

    private static Map<String, Object> swarm(Map.Entry<String, long[]> swarm) {
        Map<String, Object> view = new LinkedHashMap<>();
        view.put("manifest", swarm.getKey());
        view.put("hosts", swarm.getValue()[0]);
        view.put("complete", swarm.getValue()[1]);
        view.put("chunks", Map.of("done", swarm.getValue()[2], "total", swarm.getValue()[3]));
        return view;
    }

    /// Prometheus text format, version 0.0.4.
    private Answer metrics() {
        SortedMap<String, Integer> states = new TreeMap<>();
        hosts.all().stream()
                .filter(host -> !host.revoked())
                .forEach(host -> states.merge(state(host), 1, Integer::sum));
        StringBuilder text = new StringBuilder();
        text.append("# TYPE muster_hosts gauge\n");
        states.forEach((state, count) -> text.append("muster_hosts{state=\"" + state + "\"} " + count + "\n"));
        text.append(
                "# TYPE muster_releases gauge\nmuster_releases " + catalog.all().size() + "\n");
        text.append("# TYPE muster_pins gauge\nmuster_pins " + director.pins().size() + "\n");
        return Answer.text(text.toString());
    }
}
