package dev.muster.coordinator.api;

import dev.muster.coordinator.catalog.Catalog;
import dev.muster.coordinator.enrol.Host;
import dev.muster.coordinator.enrol.Hosts;
import dev.muster.coordinator.rollout.Director;
import dev.muster.coordinator.rollout.HostBoard;
import dev.muster.protocol.MusterException.BadConfiguration;
import dev.muster.protocol.cluster.Fleet;
import dev.muster.protocol.cluster.Presence;
import dev.muster.protocol.trust.document.Order;
import dev.muster.protocol.trust.document.PinBook;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
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
                Endpoint.get("/v1/status", Access.VIEWER, ask -> status()),
                Endpoint.get(host, Access.VIEWER, ask -> Answer.json(view(hosts.get(ask.text("id"))))),
                Endpoint.put(host, Access.OPERATOR, BODY_BYTES_MAX, this::change),
                Endpoint.delete(host, Access.ADMIN, this::revoke),
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
        return HostView.of(host, state(host), pinned(host), board.newest(host.id()));
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

    record Site(String id, int hosts) {}

    private static List<Site> sites(List<Host> hosts) {
        SortedMap<String, Integer> counts = new TreeMap<>();
        hosts.forEach(host -> counts.merge(host.membership().site(), 1, Integer::sum));
        return counts.entrySet().stream()
                .map(site -> new Site(site.getKey(), site.getValue()))
                .toList();
    }

    record Node(String id, String address) {}

    private List<Node> coordinators() {
        return fleet.present().stream()
                .filter(presence -> presence.kind() == Presence.Kind.COORDINATOR)
                .map(presence ->
                        new Node(presence.id(), presence.node().address().toString()))
                .toList();
    }

    /// What the cluster hints at: of each manifest, how many hosts take part, and how far all of them are together.
    ///
    /// @param complete how many of the hosts have it whole
    record SwarmView(String manifest, int hosts, int complete, Chunks chunks) {
        SwarmView plus(SwarmView other) {
            return new SwarmView(manifest, hosts + other.hosts, complete + other.complete, chunks.plus(other.chunks));
        }
    }

    record Chunks(long done, long total) {
        Chunks plus(Chunks other) {
            return new Chunks(done + other.done, total + other.total);
        }
    }

    private List<SwarmView> swarms() {
        SortedMap<String, SwarmView> swarms = new TreeMap<>();
        for (Presence presence : fleet.present()) {
            for (Presence.Part part : presence.parts()) {
                String manifest = part.manifest().toString();
                int complete = part.have() == part.chunks() ? 1 : 0;
                SwarmView view = new SwarmView(manifest, 1, complete, new Chunks(part.have(), part.chunks()));
                swarms.merge(manifest, view, SwarmView::plus);
            }
        }
        return List.copyOf(swarms.values());
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
