package dev.muster.bench.sim;

import dev.muster.agent.swarm.Graph;
import dev.muster.agent.swarm.Limits;
import dev.muster.agent.swarm.Swarm;
import dev.muster.coordinator.rollout.Bound;
import dev.muster.protocol.content.ChunkEntry;
import dev.muster.protocol.content.ChunkId;
import dev.muster.protocol.content.Frame;
import dev.muster.protocol.content.Hash;
import dev.muster.protocol.wire.Bitfield;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.function.DoubleConsumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// One run of a [Scenario]. For one thread; to be run once.
public final class Simulation {
    static final long TICK_NANOS = 200_000_000;

    /// As `agent.delivery` looks for neighbours.
    private static final long LOOK_NANOS = 1_000_000_000;

    /// A host that died without a word is given up by its peers.
    private static final long SILENCE_NANOS = 5_000_000_000L;

    private static final int CHUNK_FRAMES = Frame.PER_CHUNK_MAX;
    private static final int SLOW_DISK = 10;

    /// A run that takes so many times the bound is given up.
    private static final int BOUNDS_MAX = 50;

    /// But not before a host could lose patience many times.
    private static final long LEAST_NANOS = 120_000_000_000L;

    /// Every promise is checked after every event up to so many chunk copies, and after one of [#SAMPLE] events beyond.
    private static final long CHECKED_COPIES_MAX = 20_000;

    private static final int SAMPLE = 20_000;

    private static final long IMAGE = 1;

    private final Scenario scenario;
    private final Timeline timeline = new Timeline();
    private final RandomGenerator chance;
    private final Graph graph = new Graph();
    private final List<SimulatedSite> sites = new ArrayList<>();
    private final List<SimulatedHost> hosts = new ArrayList<>();
    private final Map<String, SimulatedHost> byId = new HashMap<>();
    private final List<ChunkEntry> table;
    private final Set<String> lied = new TreeSet<>();
    private final Set<SimulatedHost> waitedFor = new HashSet<>();
    private final int checkEvery;
    private boolean changed;
    private long checks;
    private long events;
    private long kept;

    public Simulation(Scenario scenario) {
        this.scenario = scenario;
        this.chance = new SplittableRandom(scenario.seed());
        long copies = (long) scenario.fleet().hosts().size() * scenario.image().chunks();
        this.checkEvery = copies <= CHECKED_COPIES_MAX ? 1 : SAMPLE;
        ChunkEntry entry = new ChunkEntry(
                new ChunkId(new Hash(1, 2, 3, 4)),
                CHUNK_FRAMES * Frame.BLOCKS,
                scenario.image().chunkBytes());
        this.table = Collections.nCopies(scenario.image().chunks(), entry);
    }

    Timeline timeline() {
        return timeline;
    }

    RandomGenerator chance() {
        return chance;
    }

    int framesAtOnce() {
        return Math.ceilDiv(CHUNK_FRAMES, scenario.image().framesPerChunk());
    }

    int allFrames() {
        return (1 << CHUNK_FRAMES) - 1;
    }

    long frameBytes() {
        return scenario.image().chunkBytes() / CHUNK_FRAMES;
    }

    long chunkBytes() {
        return scenario.image().chunkBytes();
    }

    long handlingNanos() {
        return scenario.fleet().delays().handling().toNanos();
    }

    long pauseNanos() {
        return scenario.fleet().delays().pause().toNanos();
    }

    long latency(Link link) {
        return latency(link.isNear());
    }

    long latency(boolean near) {
        Scenario.Delays delays = scenario.fleet().delays();
        return (near ? delays.near() : delays.far()).toNanos();
    }

    boolean loses() {
        double share = scenario.faults().lost();
        return share > 0 && chance.nextDouble() < share;
    }

    boolean isOver() {
        return waitedFor.isEmpty();
    }

    /// @throws AssertionError if a promise of [Swarm] is broken
    public Outcome run() {
        return run(_ -> {});
    }

    /// The same.
    ///
    /// @param share is told now and then how much of the run is over, at most 1
    public Outcome run(DoubleConsumer share) {
        return run(Long.MAX_VALUE, share);
    }

    /// The same, but ends after so many events even if not all hosts are done: those are unfinished then.
    public Outcome run(long eventsMax, DoubleConsumer share) {
        long began = System.nanoTime();
        Scenario.Fleet fleet = scenario.fleet();
        Map<String, SimulatedSite> places = new HashMap<>();
        fleet.wan().forEach((name, wan) -> {
            SimulatedSite site = new SimulatedSite(name, wan);
            places.put(name, site);
            sites.add(site);
        });
        List<SimulatedHost> late = new ArrayList<>();
        List<SimulatedHost> early = new ArrayList<>();
        for (Scenario.Host planned : fleet.hosts()) {
            SimulatedHost host = host(planned, places);
            hosts.add(host);
            byId.put(host.id, host);
            boolean isLate =
                    !planned.source() && chance.nextDouble() < scenario.faults().late();
            (isLate ? late : early).add(host);
        }
        List<SimulatedHost> killed = killed(early);
        Bound bound = bound(killed);
        for (SimulatedHost host : hosts) {
            if (host.isHonest() && !host.isComplete() && !killed.contains(host)) {
                waitedFor.add(host);
            }
        }
        join(early);
        long half = bound.time().toNanos() / 2;
        killed.forEach(host -> timeline.at(around(half), () -> kill(host)));
        late.forEach(host -> timeline.at(around(half), () -> join(List.of(host))));
        if (scenario.faults().gatewaysKilled()) {
            timeline.at(half, this::killGateways);
        }
        timeline.in(LOOK_NANOS, this::look);
        double copies = (double) waitedFor.size() * scenario.image().chunks();
        long end = Math.max(Math.min(bound.time().toNanos(), Long.MAX_VALUE / BOUNDS_MAX) * BOUNDS_MAX, LEAST_NANOS);
        while (!isOver() && timeline.now() < end && events < eventsMax) {
            timeline.step();
            events++;
            if (events % SAMPLE == 0) {
                share.accept(Math.min(1, kept / copies));
            }
        }
        return Outcomes.of(this, bound, late, new Outcome.Effort(events, (System.nanoTime() - began) / 1e9));
    }

    Scenario scenario() {
        return scenario;
    }

    List<SimulatedHost> hosts() {
        return hosts;
    }

    List<SimulatedSite> sites() {
        return sites;
    }

    /// How many honest hosts that were not to die have not everything.
    int unfinished() {
        return waitedFor.size();
    }

    Set<String> liars() {
        return lied;
    }

    private SimulatedHost host(Scenario.Host planned, Map<String, SimulatedSite> places) {
        Scenario.Fleet fleet = scenario.fleet();
        Scenario.Faults faults = scenario.faults();
        SimulatedSite site = Objects.requireNonNull(places.get(planned.site()));
        String id = planned.id();
        int chunks = scenario.image().chunks();
        boolean hostile = !planned.source() && chance.nextDouble() < faults.hostile();
        Hostility[] kinds = Hostility.values();
        Hostility hostility = hostile ? kinds[1 + chance.nextInt(kinds.length - 1)] : Hostility.NONE;
        boolean slow = !planned.source() && chance.nextDouble() < faults.slowDisks();
        Swarm swarm = new Swarm(
                new Swarm.Place(id, site.name, IMAGE),
                table,
                planned.source() ? Bitfield.full(chunks) : new Bitfield(chunks),
                Limits.DEFAULT,
                new SplittableRandom(chance.nextLong()));
        long disk = fleet.delays().diskRate() / (slow ? SLOW_DISK : 1);
        return new SimulatedHost(this, id, site, hostility, new SimulatedHost.Parts(swarm, planned.nic(), disk));
    }

    private List<SimulatedHost> killed(List<SimulatedHost> early) {
        List<SimulatedHost> killed = new ArrayList<>();
        for (SimulatedHost host : early) {
            if (!host.isComplete() && chance.nextDouble() < scenario.faults().killed()) {
                killed.add(host);
            }
        }
        return killed;
    }

    private Bound bound(List<SimulatedHost> killed) {
        Set<SimulatedHost> gone = new HashSet<>(killed);
        List<Bound.Host> taking = hosts.stream()
                .filter(host -> host.isHonest() && !gone.contains(host))
                .map(host -> new Bound.Host(host.id, host.site.name, host.isComplete(), host.nic))
                .toList();
        return Bound.of(scenario.image().bytes(), taking, scenario.fleet().wan())
                .orElse(new Bound(Duration.ofNanos(1), "nobody to receive"));
    }

    private long around(long half) {
        return (long) (half * (0.8 + 0.4 * chance.nextDouble()));
    }

    private void join(List<SimulatedHost> joining) {
        joining.forEach(host -> graph.add(host.id, host.site.name));
        joining.forEach(SimulatedHost::start);
        joining.forEach(this::link);
        candidates();
        changed = true;
    }

    /// As far as it is not linked yet.
    private void link(SimulatedHost host) {
        Set<String> wanted = new TreeSet<>(graph.neighbours(host.id));
        wanted.addAll(graph.gatewayLinks(host.id, IMAGE));
        for (String id : wanted) {
            @Nullable SimulatedHost other = byId.get(id);
            if (other != null
                    && other.isAlive()
                    && !host.isLinked(other)
                    && !host.blamed.contains(id)
                    && !other.blamed.contains(host.id)) {
                Link link = new Link(host, other);
                host.linked(link);
                other.linked(link);
            }
        }
    }

    private void look() {
        if (changed) {
            changed = false;
            hosts.stream().filter(host -> graph.has(host.id)).forEach(this::link);
            candidates();
        }
        timeline.in(LOOK_NANOS, this::look);
    }

    private void candidates() {
        if (sites.size() == 1) {
            return;
        }
        Set<String> all = new HashSet<>();
        sites.forEach(site -> all.addAll(graph.candidates(site.name, IMAGE)));
        for (SimulatedHost host : hosts) {
            if (host.isAlive()) {
                host.candidate(all.contains(host.id));
            }
        }
    }

    private void killGateways() {
        for (SimulatedSite site : sites) {
            hosts.stream()
                    .filter(host -> host.site == site && host.isAlive() && host.isGateway() && !host.isComplete())
                    .findFirst()
                    .ifPresent(this::kill);
        }
    }

    private void kill(SimulatedHost host) {
        host.kill();
        waitedFor.remove(host);
        graph.remove(host.id);
        long noticed = chance.nextBoolean() ? SILENCE_NANOS : latency(true);
        host.links().forEach(link -> timeline.in(noticed, () -> cut(link)));
        timeline.in(noticed, () -> changed = true);
    }

    /// Both ends are told.
    void cut(Link link) {
        if (link.isUp()) {
            link.cut();
            link.one().unlinked(link);
            link.other().unlinked(link);
            changed = true;
        }
    }

    void kept() {
        kept++;
    }

    void finished(SimulatedHost host) {
        waitedFor.remove(host);
    }

    void lied(SimulatedHost liar, SimulatedHost to) {
        if (to.isHonest()) {
            lied.add(liar.id);
        }
    }

    void checked(Swarm swarm) {
        if (++checks % checkEvery == 0) {
            swarm.checkInvariants();
        }
    }
}
