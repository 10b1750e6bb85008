package dev.muster.agent.swarm;

import dev.muster.protocol.content.ChunkEntry;
import dev.muster.protocol.content.ChunkId;
import dev.muster.protocol.content.Hash;
import dev.muster.protocol.wire.Bitfield;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.Set;

/// Many swarms of one manifest over virtual time: each host uploads one frame at a time, each message takes
/// a while, and every promise is checked after every event. A run is its seed.
final class SwarmNetwork {
    private static final long FRAME_NANOS = 1_000_000;
    private static final long LATENCY_NANOS = 300_000;
    private static final long TICK_NANOS = 100_000_000;

    final Random random;
    final int chunks;
    final Map<String, Host> hosts = new LinkedHashMap<>();
    private final List<Host> byNumber = new ArrayList<>();
    final Set<String> liars = new HashSet<>();
    private final PriorityQueue<Due> queue = new PriorityQueue<>();
    private long now;
    private long sequence;

    SwarmNetwork(long seed, int chunks) {
        this.random = new Random(seed);
        this.chunks = chunks;
    }

    private record Due(long time, long sequence, Runnable what) implements Comparable<Due> {
        @Override
        public int compareTo(Due other) {
            return time != other.time ? Long.compare(time, other.time) : Long.compare(sequence, other.sequence);
        }
    }

    static final class Host {
        final String id;
        final int number;
        final String site;
        final Swarm swarm;
        final Map<Integer, Integer> chunkOf = new HashMap<>();
        final Map<Integer, Integer> frames = new HashMap<>();
        final Set<String> cancelled = new HashSet<>();
        final List<String> blamed = new ArrayList<>();
        long uploadFree;
        int framesSent;
        int framesReceived;
        int framesFromFar;
        boolean suspects;
        boolean alive = true;

        Host(String id, int number, String site, Swarm swarm) {
            this.id = id;
            this.number = number;
            this.site = site;
            this.swarm = swarm;
        }
    }

    Host add(String id, Bitfield have) {
        return add(id, "site", have);
    }

    Host add(String id, String site, Bitfield have) {
        List<ChunkEntry> table = new ArrayList<>();
        for (int i = 0; i < chunks; i++) {
            table.add(new ChunkEntry(new ChunkId(Hash.of(new byte[] {(byte) i, (byte) (i >> 8)})), 64, 1000));
        }
        Swarm.Place place = new Swarm.Place(id, site, 1);
        Swarm swarm = new Swarm(place, table, have, Limits.DEFAULT, new Random(random.nextLong()));
        Host host = new Host(id, byNumber.size(), site, swarm);
        hosts.put(id, host);
        byNumber.add(host);
        for (Host other : hosts.values()) {
            if (other != host && other.alive) {
                Bitfield theirs = other.swarm.have().copy();
                Bitfield ours = have.copy();
                later(
                        LATENCY_NANOS,
                        () -> give(host, new SwarmEvent.Joined(other.number, other.id, other.site, theirs)));
                later(LATENCY_NANOS, () -> give(other, new SwarmEvent.Joined(host.number, id, site, ours)));
            }
        }
        tick(host);
        return host;
    }

    void kill(String id) {
        Host host = hosts.get(id);
        host.alive = false;
        for (Host other : hosts.values()) {
            later(LATENCY_NANOS, () -> give(other, new SwarmEvent.Left(host.number)));
        }
    }

    /// How many frames came into a site from others.
    int framesInto(String site) {
        return hosts.values().stream()
                .filter(host -> host.site.equals(site))
                .mapToInt(host -> host.framesFromFar)
                .sum();
    }

    /// A gateway of the site.
    String gateway(String site) {
        return hosts.values().stream()
                .filter(host -> host.site.equals(site) && host.swarm.isGateway())
                .map(host -> host.id)
                .findFirst()
                .orElseThrow();
    }

    void at(long nanos, Runnable what) {
        queue.add(new Due(nanos, sequence++, what));
    }

    /// Runs until every honest living host is complete.
    ///
    /// @return how long that took, or -1 if the time ran out
    long run(long limitNanos) {
        while (!queue.isEmpty() && now < limitNanos) {
            Due due = queue.remove();
            now = due.time;
            due.what.run();
            if (hosts.values().stream().allMatch(h -> !h.alive || liars.contains(h.id) || h.swarm.isComplete())) {
                return now;
            }
        }
        return -1;
    }

    private void later(long nanos, Runnable what) {
        at(now + nanos, what);
    }

    private void tick(Host host) {
        later(TICK_NANOS, () -> {
            give(host, new SwarmEvent.Tick());
            if (host.alive) {
                tick(host);
            }
        });
    }

    private void give(Host host, SwarmEvent event) {
        if (!host.alive) {
            return;
        }
        List<SwarmCommand> commands = new ArrayList<>(host.swarm.on(event, now));
        commands.addAll(host.swarm.fill(now));
        host.swarm.checkInvariants();
        for (SwarmCommand command : commands) {
            carryOut(host, command);
        }
    }

    private void carryOut(Host host, SwarmCommand command) {
        int self = host.number;
        switch (command) {
            case SwarmCommand.Ask(int peer, int request, int chunk, int frames) -> {
                host.chunkOf.put(request, chunk);
                tell(peer, new SwarmEvent.Asked(self, request, chunk, frames, true));
            }
            case SwarmCommand.Grant(int peer, int request) -> tell(peer, new SwarmEvent.Credited(self, request));
            case SwarmCommand.Cancel(int peer, int request) -> {
                byNumber.get(peer).cancelled.add(host.id + request);
                tell(peer, new SwarmEvent.Cancelled(self, request));
            }
            case SwarmCommand.Claim(int peer, List<Integer> chunks) ->
                chunks.forEach(chunk -> tell(peer, new SwarmEvent.Claimed(self, chunk)));
            case SwarmCommand.Disclaim(int peer, int chunk) -> tell(peer, new SwarmEvent.Gone(self, chunk));
            case SwarmCommand.Announce(int chunk) ->
                byNumber.forEach(peer -> tell(peer.number, new SwarmEvent.Has(self, chunk)));
            case SwarmCommand.Withdraw(int chunk) ->
                byNumber.forEach(peer -> tell(peer.number, new SwarmEvent.Gone(self, chunk)));
            case SwarmCommand.Send(int peer, int request, int chunk, int frames, boolean _, boolean _) ->
                send(host, byNumber.get(peer), request, chunk, frames);
            case SwarmCommand.Refuse(int peer, int request, SwarmCommand.Refusal why, int retryMillis) ->
                tell(peer, new SwarmEvent.Refused(self, request, why, retryMillis));
            case SwarmCommand.Blame(int peer) -> host.blamed.add(byNumber.get(peer).id);
            case SwarmCommand.Suspect(int _) -> host.suspects = true;
            case SwarmCommand.Forget(int chunk) -> host.frames.remove(chunk);
            case SwarmCommand.Complete() -> {}
        }
    }

    private void tell(int peer, SwarmEvent event) {
        later(LATENCY_NANOS, () -> give(byNumber.get(peer), event));
    }

    private void send(Host from, Host to, int request, int chunk, int frames) {
        later(LATENCY_NANOS, () -> {
            to.chunkOf.putIfAbsent(request, chunk);
            give(to, new SwarmEvent.Named(from.number, request, chunk));
        });
        long at = Math.max(now, from.uploadFree);
        for (int frame = 0; frame < 2; frame++) {
            if ((frames & 1 << frame) != 0) {
                at += FRAME_NANOS;
                int index = frame;
                at(at + LATENCY_NANOS, () -> arrive(from, to, request, chunk, index));
            }
        }
        from.uploadFree = at;
        at(at, () -> give(from, new SwarmEvent.Sent(to.number, request)));
    }

    private void arrive(Host from, Host to, int request, int chunk, int frame) {
        if (!from.alive || !to.alive || from.cancelled.contains(to.id + request)) {
            return;
        }
        from.framesSent++;
        to.framesReceived++;
        to.framesFromFar += from.site.equals(to.site) ? 0 : 1;
        if (liars.contains(from.id)) {
            give(to, new SwarmEvent.Wrong(from.number, request));
            return;
        }
        int got = to.frames.merge(chunk, 1 << frame, (a, b) -> a | b);
        give(to, new SwarmEvent.Verified(from.number, request, 1 << frame));
        if (got == 3 && !to.swarm.have().get(chunk)) {
            give(to, new SwarmEvent.Kept(chunk));
        }
    }
}
