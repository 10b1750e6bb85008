package dev.muster.bench.sim;

import dev.muster.agent.swarm.Swarm;
import dev.muster.agent.swarm.SwarmCommand;
import dev.muster.agent.swarm.SwarmEvent;
import dev.muster.coordinator.rollout.Bound;
import dev.muster.protocol.wire.Bitfield;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// A host in the simulation: a real [Swarm], and everything around it made up.
final class SimulatedHost {
    private static final int ANY = -1;

    /// How often it looks at what peers have new.
    private static final long NEWS_NANOS = 2_000_000;

    final String id;
    final SimulatedSite site;
    final Hostility hostility;
    final Bound.Rates nic;
    final boolean source;
    final Set<String> blamed = new HashSet<>();
    private final Simulation simulation;
    private final Timeline timeline;
    private final Swarm swarm;
    private final Uplink uplink;
    private final Pipe downlink;
    private final Pipe disk;
    private final List<@Nullable Link> links = new ArrayList<>();
    private final List<Flow> flows = new ArrayList<>();
    private final List<Integer> announcements = new ArrayList<>();

    /// The chunk of each of its open requests.
    private final Map<Integer, Integer> open = new HashMap<>();

    /// The frames that came of each unfinished chunk.
    private final Map<Integer, Integer> partial = new HashMap<>();

    /// What came during a pause.
    private final List<Runnable> backlog = new ArrayList<>();

    private final News news = new News();

    private boolean alive = true;
    private boolean asleep;
    private boolean looking;
    private boolean candidate = true;
    private long wake = Long.MAX_VALUE;
    long joined;
    long finished = -1;
    long received;
    long wasted;

    SimulatedHost(Simulation simulation, String id, SimulatedSite site, Hostility hostility, Parts parts) {
        this.simulation = simulation;
        this.timeline = simulation.timeline();
        this.id = id;
        this.site = site;
        this.hostility = hostility;
        this.swarm = parts.swarm;
        this.nic = parts.nic;
        this.source = parts.swarm.isComplete();
        this.uplink = new Uplink(this, simulation, nic.up());
        this.downlink = new Pipe(nic.down());
        this.disk = new Pipe(parts.diskRate);
    }

    /// What a host is made of.
    record Parts(Swarm swarm, Bound.Rates nic, long diskRate) {}

    boolean isAlive() {
        return alive;
    }

    boolean isHonest() {
        return hostility == Hostility.NONE;
    }

    Bitfield have() {
        return swarm.have();
    }

    boolean isComplete() {
        return swarm.isComplete();
    }

    long sentBytes() {
        return uplink.bytes();
    }

    int number(Link link) {
        for (int number = 0; number < links.size(); number++) {
            if (links.get(number) == null) {
                links.set(number, link);
                return number;
            }
        }
        links.add(link);
        return links.size() - 1;
    }

    List<Link> links() {
        return links.stream().flatMap(Stream::ofNullable).toList();
    }

    boolean isLinked(SimulatedHost other) {
        return links.stream().anyMatch(link -> link != null && link.end(this) == other);
    }

    /// What it says that it has.
    Bitfield has() {
        return hostility.boasts() ? Bitfield.full(swarm.have().size()) : swarm.have();
    }

    void start() {
        joined = timeline.now();
        timeline.in(simulation.chance().nextLong(Simulation.TICK_NANOS), this::tick);
        if (simulation.pauseNanos() > 0) {
            timeline.in(pause(), this::fallAsleep);
        }
    }

    private void tick() {
        if (alive && !simulation.isOver()) {
            handle(() -> on(new SwarmEvent.Tick()));
            timeline.in(Simulation.TICK_NANOS, this::tick);
        }
    }

    private long pause() {
        return 1 + simulation.chance().nextLong(simulation.pauseNanos());
    }

    private void fallAsleep() {
        if (alive && !simulation.isOver()) {
            asleep = true;
            timeline.in(pause(), this::awake);
        }
    }

    private void awake() {
        asleep = false;
        List<Runnable> all = List.copyOf(backlog);
        backlog.clear();
        all.forEach(Runnable::run);
        timeline.in(pause(), this::fallAsleep);
    }

    /// Does what is to be done now, or after a pause.
    private void handle(Runnable work) {
        if (asleep) {
            backlog.add(work);
        } else {
            work.run();
        }
    }

    void kill() {
        alive = false;
    }

    void linked(Link link) {
        SimulatedHost peer = link.end(this);
        on(new SwarmEvent.Joined(link.numberOf(peer), peer.id, peer.site.name, peer.has()));
    }

    void unlinked(Link link) {
        int number = link.numberOf(link.end(this));
        if (links.get(number) == link) {
            links.set(number, null);
            on(new SwarmEvent.Left(number));
        }
    }

    void candidate(boolean is) {
        if (candidate != is) {
            candidate = is;
            on(new SwarmEvent.Candidate(is));
        }
    }

    boolean isGateway() {
        return swarm.isGateway();
    }

    /// Something happens to it, and it does what its swarm says.
    void on(SwarmEvent event) {
        if (!alive) {
            return;
        }
        lookAtNews();
        carryOut(swarm.on(event, timeline.now()));
        settle();
    }

    private void settle() {
        long now = timeline.now();
        carryOut(swarm.fill(now));
        announce();
        simulation.checked(swarm);
        long next = swarm.wakeAt();
        if (next < wake) {
            wake = Math.max(now, next);
            timeline.at(wake, this::wakeUp);
        }
    }

    private void wakeUp() {
        handle(() -> {
            wake = Long.MAX_VALUE;
            if (alive) {
                lookAtNews();
                settle();
            }
        });
    }

    private void carryOut(List<SwarmCommand> commands) {
        for (int i = 0; i < commands.size(); i++) {
            carryOut(commands.get(i));
        }
    }

    private void carryOut(SwarmCommand command) {
        switch (command) {
            case SwarmCommand.Ask(int peer, int request, int chunk, int frames) -> {
                if (swarm.have().get(chunk)) {
                    throw new AssertionError(id + " has chunk " + chunk + " and asks for it");
                }
                open.put(request, chunk);
                say(peer, self -> new SwarmEvent.Asked(self, request, chunk, frames, true));
            }
            case SwarmCommand.Grant(int peer, int request) -> {
                open.put(request, ANY);
                say(peer, self -> new SwarmEvent.Credited(self, request));
            }
            case SwarmCommand.Cancel(int peer, int request) -> {
                open.remove(request);
                say(peer, self -> new SwarmEvent.Cancelled(self, request));
            }
            case SwarmCommand.Claim(int peer, List<Integer> chunks) ->
                chunks.forEach(chunk -> say(peer, self -> new SwarmEvent.Claimed(self, chunk)));
            case SwarmCommand.Disclaim(int peer, int chunk) -> say(peer, self -> new SwarmEvent.Gone(self, chunk));
            case SwarmCommand.Forget(int chunk) -> partial.remove(chunk);
            case SwarmCommand.Announce(int chunk) -> announcements.add(chunk);
            case SwarmCommand.Withdraw(int chunk) ->
                links().forEach(link -> say(link, new SwarmEvent.Gone(link.numberOf(this), chunk)));
            case SwarmCommand.Send(int peer, int request, int chunk, int frames, boolean _, boolean _) ->
                send(peer, request, chunk, frames);
            case SwarmCommand.Refuse(int peer, int request, SwarmCommand.Refusal why, int retryMillis) -> {
                if (why == SwarmCommand.Refusal.NOT_HERE) {
                    // What was asked for is known only to the asker; see `refused`.
                    Link link = links.get(peer);
                    if (link != null) {
                        deliver(link, () -> link.end(this).refused(link, request, this));
                    }
                } else {
                    say(peer, self -> new SwarmEvent.Refused(self, request, why, retryMillis));
                }
            }
            case SwarmCommand.Blame(int peer) -> {
                Link link = links.get(peer);
                if (link != null) {
                    blamed.add(link.end(this).id);
                    simulation.cut(link);
                }
            }
            case SwarmCommand.Suspect _ -> throw new AssertionError(id + " suspects its memory");
            case SwarmCommand.Complete() -> {
                finished = timeline.now();
                simulation.finished(this);
            }
        }
    }

    /// A peer has not what was asked of it.
    private void refused(Link link, int request, SimulatedHost peer) {
        int number = link.numberOf(peer);
        Integer chunk = open.remove(request);
        if (chunk != null && chunk != ANY) {
            on(new SwarmEvent.Gone(number, chunk));
        }
        on(new SwarmEvent.Refused(number, request, SwarmCommand.Refusal.NOT_HERE, 0));
    }

    private interface Saying {
        /// @param self the number by which the receiver knows this host
        SwarmEvent to(int self);
    }

    private void say(int peer, Saying saying) {
        Link link = links.get(peer);
        if (link != null) {
            say(link, saying.to(link.numberOf(this)));
        }
    }

    private void say(Link link, SwarmEvent event) {
        deliver(link, () -> link.end(this).hear(link, event));
    }

    private void deliver(Link link, Runnable message) {
        if (!simulation.loses()) {
            timeline.in(simulation.latency(link), () -> {
                SimulatedHost to = link.end(this);
                to.handle(() -> {
                    if (link.isUp() && to.alive) {
                        message.run();
                    }
                });
            });
        }
    }

    private void hear(Link link, SwarmEvent event) {
        switch (event) {
            case SwarmEvent.Asked(int peer, int request, int chunk, int frames, boolean _)
            when hostility.boasts() -> wrong(link, peer, request, chunk, frames);
            case SwarmEvent.Credited(int peer, int request)
            when hostility.boasts() ->
                wrong(
                        link,
                        peer,
                        request,
                        simulation.chance().nextInt(swarm.have().size()),
                        -1);
            case SwarmEvent.Cancelled(int _, int request) -> {
                flows.stream()
                        .filter(flow -> flow.link == link && flow.request == request)
                        .forEach(flow -> flow.cancelled = true);
                on(event);
            }
            case SwarmEvent.Refused(int _, int request, SwarmCommand.Refusal _, int _) -> {
                open.remove(request);
                on(event);
            }
            default -> on(event);
        }
    }

    /// A hostile host answers.
    private void wrong(Link link, int peer, int request, int chunk, int frames) {
        if (hostility != Hostility.FALSE_BITFIELD) {
            send(peer, request, chunk, frames);
        } else if (simulation.chance().nextBoolean()) {
            deliver(link, () -> link.end(this).refused(link, request, this));
        }
    }

    private void send(int peer, int request, int chunk, int frames) {
        Link link = links.get(peer);
        if (link == null) {
            return;
        }
        Flow flow = new Flow(link, request, chunk, frames & simulation.allFrames());
        flows.add(flow);
        SimulatedHost to = link.end(this);
        if (Integer.valueOf(ANY).equals(to.open.get(request))) {
            deliver(link, () -> to.named(link, request, chunk, this));
        }
        uplink.send(flow);
    }

    private void named(Link link, int request, int chunk, SimulatedHost from) {
        if (Integer.valueOf(ANY).equals(open.get(request))) {
            open.put(request, chunk);
            on(new SwarmEvent.Named(link.numberOf(from), request, chunk));
        }
    }

    void sent(Flow flow) {
        flows.remove(flow);
        handle(() -> {
            if (flow.link.isUp() && alive) {
                on(new SwarmEvent.Sent(flow.link.numberOf(flow.link.end(this)), flow.request));
            }
        });
    }

    /// @return when the last byte is here
    long receive(Pipe.Passage sent, long bytes) {
        return downlink.pass(sent, bytes).last();
    }

    /// Frames of a flow have come.
    ///
    /// @param frames none: one that was never asked for
    void come(Flow flow, int frames, SimulatedHost from) {
        handle(() -> taken(flow, frames, from));
    }

    private void taken(Flow flow, int frames, SimulatedHost from) {
        if (!alive || !from.alive || !flow.link.isUp()) {
            return;
        }
        int number = flow.link.numberOf(from);
        int count = frames == 0 ? simulation.framesAtOnce() : Integer.bitCount(frames);
        received += count;
        if (frames == 0 || !open.containsKey(flow.request)) {
            wasted += count;
            for (int i = 0; i < count && flow.link.isUp(); i++) {
                on(new SwarmEvent.Unasked(number));
            }
            return;
        }
        if (from.hostility.lies()) {
            simulation.lied(from, this);
            on(new SwarmEvent.Wrong(number, flow.request));
            return;
        }
        named(flow.link, flow.request, flow.chunk, from);
        if (!open.containsKey(flow.request)) {
            wasted += count;
            return;
        }
        int before = partial.getOrDefault(flow.chunk, 0);
        wasted += Integer.bitCount(before & frames);
        int all = before | frames;
        partial.put(flow.chunk, all);
        if (all == simulation.allFrames()) {
            open.remove(flow.request);
        }
        on(new SwarmEvent.Verified(number, flow.request, frames));
        if (all == simulation.allFrames() && before != all) {
            Pipe.Passage now = new Pipe.Passage(timeline.now(), timeline.now());
            long written = disk.pass(now, simulation.chunkBytes()).last();
            timeline.at(written + simulation.handlingNanos(), () -> handle(() -> kept(flow.chunk)));
        }
    }

    private void kept(int chunk) {
        partial.remove(chunk);
        simulation.kept();
        on(new SwarmEvent.Kept(chunk));
    }

    /// All peers of a site hear of new chunks at the same time.
    private void announce() {
        if (announcements.isEmpty()) {
            return;
        }
        List<Integer> chunks = List.copyOf(announcements);
        announcements.clear();
        timeline.in(simulation.latency(true), () -> announced(chunks, true));
        if (links.stream().anyMatch(link -> link != null && !link.isNear())) {
            timeline.in(simulation.latency(false), () -> announced(chunks, false));
        }
    }

    private void announced(List<Integer> chunks, boolean near) {
        for (int i = 0; i < links.size(); i++) {
            Link link = links.get(i);
            if (link != null && link.isNear() == near && !simulation.loses()) {
                link.end(this).hears(link.numberOf(this), chunks);
            }
        }
    }

    private void hears(int peer, List<Integer> chunks) {
        if (!alive) {
            return;
        }
        if (!looking) {
            looking = true;
            timeline.in(NEWS_NANOS, () -> handle(this::look));
        }
        news.add(peer, chunks);
    }

    private void look() {
        looking = false;
        if (alive && lookAtNews()) {
            settle();
        }
    }

    /// @return whether there is any of what is lacking here
    private boolean lookAtNews() {
        boolean[] any = {false};
        long now = timeline.now();
        news.read((peer, chunk) -> {
            carryOut(swarm.on(new SwarmEvent.Has(peer, chunk), now));
            any[0] |= !swarm.have().get(chunk);
        });
        return any[0];
    }
}
