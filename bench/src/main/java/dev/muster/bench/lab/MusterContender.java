package dev.muster.bench.lab;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.IntStream;

/// Muster in the lab: published on the first host, pinned for all, done where `current` names the image.
final class MusterContender implements Contender {
    private static final String WARM = "warm";
    private static final String IMAGE = "image";
    private static final Duration WARM_LIMIT = Duration.ofMinutes(3);
    private static final Duration LIMIT = Duration.ofMinutes(6);
    private static final Duration LOOK_AGAIN = Duration.ofMillis(200);
    private static final Duration SETTLE = Duration.ofSeconds(2);
    private static final Duration SETTLE_MAX = Duration.ofSeconds(20);
    private static final double IDLE = 0.2;

    private final Testbed testbed;
    private final MusterFleet fleet;
    private final long warmBytes;
    private final Disruption disruption;
    private final Optional<Path> logs;
    private final Topology topology;
    private Path image = Path.of("");
    private String manifest = "";
    private List<Node> members = List.of();
    private List<Node> late = List.of();
    private List<Hostile> hostile = List.of();
    private Map<Node, Taken> before = Map.of();
    private ThreadTimes threadsBefore = new ThreadTimes(new TreeMap<>());

    /// @param logs where what the processes said is kept, if anywhere
    /// @param warmBytes the length of the image that is brought first
    MusterContender(
            Testbed testbed, MusterFleet fleet, long warmBytes, Disruption disruption, Optional<Path> logs) {
        this.warmBytes = warmBytes;
        this.testbed = testbed;
        this.topology = testbed.topology();
        this.fleet = fleet;
        this.disruption = disruption;
        this.logs = logs;
    }

    /// What an agent has moved of images since it started.
    private record Taken(long sent, long source, long site, long wan) {
        static Taken of(JsonNode status) {
            JsonNode received = status.path("received");
            return new Taken(
                    status.path("sent").asLong(),
                    received.path("source").asLong(),
                    received.path("site").asLong(),
                    received.path("wan").asLong());
        }

        Taken since(Taken before) {
            return new Taken(sent - before.sent, source - before.source, site - before.site, wan - before.wan);
        }

        long received() {
            return source + site + wan;
        }
    }

    /// @param said what it prints
    private record Hostile(HostilePeer.Kind kind, Path said) {}

    @Override
    public String name() {
        return "muster";
    }

    @Override
    public void prepare(Path image) throws IOException, InterruptedException {
        this.image = image;
        List<Node> receivers = topology.receivers();
        List<Node> bad = share(receivers, disruption.hostile());
        members = receivers.subList(0, receivers.size() - bad.size());
        List<Node> all = new ArrayList<>(members);
        all.addFirst(topology.source());
        fleet.start(all);
        Path warm = RandomImage.make(testbed.directory().resolve("warm.raw"), warmBytes, 1);
        String warmed = fleet.publish(warm, WARM + ":1").path("manifest").asText();
        JsonNode _ = fleet.pin(WARM + ":1");
        fleet.awaitRunning(all, WARM, warmed, WARM_LIMIT);
        manifest = fleet.publish(image, IMAGE + ":1").path("manifest").asText();
        late = share(members, disruption.late());
        for (Node host : late) {
            fleet.kill(host);
        }
        List<Hostile> started = new ArrayList<>();
        for (Node host : bad) {
            HostilePeer.Kind kind = HostilePeer.Kind.values()[started.size() % HostilePeer.Kind.values().length];
            started.add(new Hostile(kind, fleet.startHostile(host, kind, image)));
        }
        hostile = started;
        settle();
    }

    /// Waits until the machine has little to do: what compilers have left to do after the start of so many
    /// programs is no part of what is measured.
    private static void settle() throws IOException, InterruptedException {
        long until = System.nanoTime() + SETTLE_MAX.toNanos();
        CpuTime before = CpuTime.now();
        while (System.nanoTime() < until) {
            Thread.sleep(SETTLE);
            CpuTime now = CpuTime.now();
            if (now.since(before).share() < IDLE) {
                return;
            }
            before = now;
        }
    }

    /// The last of them, as large a part of all receivers.
    private List<Node> share(List<Node> hosts, double part) {
        int count = (int) Math.round(topology.receivers().size() * part);
        return hosts.subList(Math.max(0, hosts.size() - count), hosts.size());
    }

    /// How many of those that sent wrong bytes are named by a host that got them.
    private String named() throws IOException {
        List<String> named = new ArrayList<>();
        for (Node host : members) {
            named.addAll(fleet.log(host).stream()
                    .filter(line -> line.contains("wrong bytes: peer="))
                    .toList());
        }
        int wrong = 0;
        int found = 0;
        for (Hostile each : hostile) {
            List<String> said = Files.readAllLines(each.said);
            if (said.contains(HostilePeer.WRONG)) {
                wrong++;
                found += named.stream().anyMatch(line -> line.contains("peer=" + said.getFirst() + " ")) ? 1 : 0;
            }
        }
        return hostile.isEmpty()
                ? ""
                : hostile.size() + " hostile; " + found + " of " + wrong + " that sent wrong bytes named";
    }

    @Override
    public Arrivals deliver() throws IOException, InterruptedException {
        List<Node> counted = new ArrayList<>(members);
        counted.removeAll(late);
        before = taken(counted);
        threadsBefore = fleet.threads();
        double pinned = fleet.pin(IMAGE + ":1").path("created").asDouble();
        double started = 0;
        if (disruption.isHalfway()) {
            awaitHalf(counted);
            for (Node host : victims(counted)) {
                fleet.kill(host);
                counted.remove(host);
            }
            started = System.currentTimeMillis();
            for (Node host : late) {
                fleet.startAgent(host);
            }
        }
        fleet.awaitRunning(counted, IMAGE, manifest, LIMIT);
        List<Double> seconds = since(pinned, counted);
        Payload payload = payload(counted);
        fleet.awaitRunning(late, IMAGE, manifest, LIMIT);
        return new Arrivals(pinned, seconds, since(started, late), right(counted) + right(late), payload, named());
    }

    private List<Double> since(double millis, List<Node> hosts) throws IOException {
        List<Double> seconds = new ArrayList<>();
        for (Node host : hosts) {
            seconds.add((fleet.runsSince(host, IMAGE, manifest).orElseThrow() - millis) / 1e3);
        }
        return seconds;
    }

    private List<Node> victims(List<Node> alive) throws IOException {
        List<Node> victims = new ArrayList<>();
        if (disruption.gateway()) {
            Map<Node, Taken> now = taken(alive);
            alive.stream()
                    .filter(host -> host.site() != topology.source().site())
                    .max(Comparator.comparingLong(host -> acrossWan(host, now)))
                    .ifPresent(victims::add);
        }
        // Counted from the front, as those that come late are from the end: from every site's share.
        int killed = (int) Math.round(topology.receivers().size() * disruption.killed());
        alive.stream().filter(host -> !victims.contains(host)).limit(killed).forEach(victims::add);
        return victims;
    }

    /// Waits until half of what these hosts are to receive has arrived.
    private void awaitHalf(List<Node> hosts) throws IOException, InterruptedException {
        long wanted = Files.size(image) * hosts.size() / 2;
        long until = System.nanoTime() + LIMIT.toNanos();
        while (System.nanoTime() < until) {
            Map<Node, Taken> now = taken(hosts);
            long arrived =
                    hosts.stream().mapToLong(host -> moved(host, now).received()).sum();
            if (arrived >= wanted) {
                return;
            }
            Thread.sleep(LOOK_AGAIN);
        }
        throw new IOException("not within " + LIMIT.toSeconds() + " s: half of the image on " + hosts.size() + " hosts");
    }

    private Payload payload(List<Node> hosts) throws IOException {
        Map<Node, Taken> now = taken(hosts);
        List<Long> wanIn = IntStream.range(0, topology.sites())
                .mapToObj(site -> hosts.stream()
                        .filter(host -> host.site() == site)
                        .mapToLong(host -> acrossWan(host, now))
                        .sum())
                .toList();
        long most =
                hosts.stream().mapToLong(host -> moved(host, now).received()).max().orElse(0);
        return new Payload(
                moved(topology.source(), now).sent(),
                topology.sites() == 1 ? List.of() : wanIn,
                most,
                fleet.threads().since(threadsBefore));
    }

    private Map<Node, Taken> taken(List<Node> hosts) throws IOException {
        Map<Node, Taken> taken = new HashMap<>();
        taken.put(topology.source(), Taken.of(fleet.status(topology.source())));
        for (Node host : hosts) {
            taken.put(host, Taken.of(fleet.status(host)));
        }
        return taken;
    }

    private Taken moved(Node host, Map<Node, Taken> now) {
        Taken zero = new Taken(0, 0, 0, 0);
        return now.getOrDefault(host, zero).since(before.getOrDefault(host, zero));
    }

    private long acrossWan(Node host, Map<Node, Taken> now) {
        Taken moved = moved(host, now);
        return moved.wan + (host.site() == topology.source().site() ? 0 : moved.source);
    }

    private int right(List<Node> hosts) throws IOException {
        int right = 0;
        for (Node host : hosts) {
            right += Files.mismatch(image, fleet.current(host, IMAGE)) < 0 ? 1 : 0;
        }
        return right;
    }

    @Override
    public void close() throws IOException, InterruptedException {
        if (logs.isPresent()) {
            testbed.keepLogs(logs.get());
        }
        testbed.clear();
    }
}
