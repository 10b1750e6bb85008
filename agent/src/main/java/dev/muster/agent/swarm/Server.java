package dev.muster.agent.swarm;

import dev.muster.agent.swarm.SwarmCommand.Refusal;
import dev.muster.protocol.wire.Bitfield;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// What this host gives. Few requests are answered at a time, each whole, so that the first can hand on what they got
/// while the others wait; few may wait, and the rest are told at once that it is busy. Peers of other sites wait apart:
/// their link is the scarcer.
///
/// By name it gives what it has; for credit, when it has everything, the chunk with no copy among the peers that fetch,
/// chosen when its turn comes. A chunk that was given for credit counts as copied until its receiver is gone or has
/// been silent about it for [Limits#PROMISE].
final class Server {
    private static final double NEWEST = 0.2;
    private static final double NANOS_PER_MILLI = 1e6;
    private static final int RETRY_MILLIS_MAX = (int) Limits.REST.toMillis();

    /// The chunk of a credit.
    private static final int ANY = -1;

    private final Bitfield have;
    private final Peers peers;
    private final Limits limits;
    private final RandomGenerator chance;

    /// The copies near here.
    private final Rarity rarity;

    private final Line near;
    private final Line far;
    private final Map<Integer, Promise> promises = new HashMap<>();

    /// The copies among peers that fetch, of the chunks not promised; none before the first credit.
    private @Nullable Rarity unspread;

    Server(Bitfield have, Peers peers, Rarity rarity, Limits limits, RandomGenerator chance) {
        this.have = have;
        this.peers = peers;
        this.rarity = rarity;
        this.limits = limits;
        this.chance = chance;
        this.near = new Line(Limits.SENDS, limits.serves());
        this.far = new Line(Limits.SENDS_FAR, Limits.SERVES_FAR_TIMES * limits.serves());
    }

    private record Promise(Peer peer, long until) {}

    /// A request that waits or is being answered.
    private static final class Serve {
        final Peer peer;
        final int request;
        final int chunk;
        final int frames;
        final boolean header;
        long began;

        /// What is sent for a credit.
        int given = ANY;

        Serve(Peer peer, int request, int chunk, int frames, boolean header) {
            this.peer = peer;
            this.request = request;
            this.chunk = chunk;
            this.frames = frames;
            this.header = header;
        }

        boolean is(Peer other, int id) {
            return peer == other && request == id;
        }
    }

    /// Those who wait, and those whose turn it is.
    private static final class Line {
        final int places;
        final int waitingMax;
        final List<Serve> waiting = new ArrayList<>();
        final List<Serve> served = new ArrayList<>();

        /// How long an answer usually takes.
        double nanos;

        Line(int places, int waitingMax) {
            this.places = places;
            this.waitingMax = waitingMax;
        }

        /// @return null if there is none
        @Nullable
        Serve remove(Peer peer, int request) {
            for (List<Serve> all : List.of(served, waiting)) {
                for (int i = 0; i < all.size(); i++) {
                    if (all.get(i).is(peer, request)) {
                        return all.remove(i);
                    }
                }
            }
            return null;
        }

        boolean contains(Peer peer, int request) {
            return served.stream().anyMatch(serve -> serve.is(peer, request))
                    || waiting.stream().anyMatch(serve -> serve.is(peer, request));
        }

        long named() {
            return waiting.stream().filter(serve -> serve.chunk != ANY).count();
        }

        /// Takes out the one whose turn it is: who has least and asks for what few have comes first, so that nobody and
        /// nothing falls behind.
        Serve first(Rarity rarity) {
            int first = 0;
            long least = Long.MAX_VALUE;
            for (int i = 0; i < waiting.size(); i++) {
                Serve serve = waiting.get(i);
                long order = serve.peer.has.cardinality() + (serve.chunk == ANY ? 0 : rarity.copies(serve.chunk));
                if (order < least) {
                    first = i;
                    least = order;
                }
            }
            return waiting.remove(first);
        }

        int retryMillis() {
            double millis = nanos * (1 + waiting.size()) / places / NANOS_PER_MILLI;
            return (int) Math.clamp(Math.ceil(millis), 1, RETRY_MILLIS_MAX);
        }
    }

    void asked(SwarmEvent.Asked asked, long now, List<SwarmCommand> out) {
        Peer peer = peers.get(asked.peer());
        if (asked.chunk() >= have.size() || !have.get(asked.chunk())) {
            refuse(asked.peer(), asked.request(), Refusal.NOT_HERE, 0, out);
        } else if (peer == null) {
            refuse(asked.peer(), asked.request(), Refusal.BUSY, RETRY_MILLIS_MAX, out);
        } else {
            Line line = line(peer);
            boolean busy = peer.waiting >= limits.servesPerPeer() || line.named() >= line.waitingMax;
            if (busy || line.contains(peer, asked.request())) {
                refuse(asked.peer(), asked.request(), Refusal.BUSY, line.retryMillis(), out);
                return;
            }
            enter(new Serve(peer, asked.request(), asked.chunk(), asked.frames(), asked.header()), now, out);
        }
    }

    void credited(int number, int request, long now, List<SwarmCommand> out) {
        Peer peer = peers.get(number);
        if (peer == null || peer.waiting >= limits.servesPerPeer() || line(peer).contains(peer, request)) {
            refuse(number, request, Refusal.BUSY, RETRY_MILLIS_MAX, out);
        } else {
            enter(new Serve(peer, request, ANY, -1, true), now, out);
        }
    }

    /// The request is wanted no longer. What was to be spread by it is not.
    void cancelled(int number, int request, long now, List<SwarmCommand> out) {
        Peer peer = peers.get(number);
        if (peer == null) {
            return;
        }
        for (Serve serve : line(peer).served) {
            Promise promise = serve.is(peer, request) && serve.chunk == ANY ? promises.get(serve.given) : null;
            if (promise != null && promise.peer == peer) {
                release(serve.given);
            }
        }
        done(number, request, now, out);
    }

    /// The request has been answered.
    void done(int number, int request, long now, List<SwarmCommand> out) {
        Peer peer = peers.get(number);
        if (peer == null) {
            return;
        }
        Line line = line(peer);
        Serve serve = line.remove(peer, request);
        if (serve != null) {
            peer.waiting--;
            if (serve.began != 0) {
                line.nanos = line.nanos == 0
                        ? now - serve.began
                        : line.nanos + NEWEST * (now - serve.began - line.nanos);
            }
        }
        next(line, now, out);
    }

    void gained(Peer peer, int chunk) {
        if (unspread != null && !peer.source) {
            unspread.gained(chunk);
            release(chunk);
        }
    }

    void lost(Peer peer, int chunk) {
        if (unspread != null && !peer.source) {
            unspread.lost(chunk);
        }
    }

    void left(Peer peer, long now, List<SwarmCommand> out) {
        Line line = line(peer);
        line.waiting.removeIf(serve -> serve.peer == peer);
        line.served.removeIf(serve -> serve.peer == peer);
        promises.entrySet().stream()
                .filter(promise -> promise.getValue().peer == peer)
                .map(Map.Entry::getKey)
                .toList()
                .forEach(this::release);
        next(line, now, out);
    }

    void expire(long now) {
        for (Iterator<Map.Entry<Integer, Promise>> all = promises.entrySet().iterator(); all.hasNext(); ) {
            Map.Entry<Integer, Promise> promise = all.next();
            if (now - promise.getValue().until >= 0) {
                all.remove();
                unspread().wantedAgain(promise.getKey());
            }
        }
    }

    private Line line(Peer peer) {
        return peer.near ? near : far;
    }

    private void enter(Serve serve, long now, List<SwarmCommand> out) {
        serve.peer.waiting++;
        Line line = line(serve.peer);
        line.waiting.add(serve);
        next(line, now, out);
    }

    private void next(Line line, long now, List<SwarmCommand> out) {
        while (line.served.size() < line.places && !line.waiting.isEmpty()) {
            Serve serve = line.first(rarity);
            if (serve.chunk == ANY) {
                spread(line, serve, now, out);
            } else if (have.get(serve.chunk)) {
                send(line, serve, serve.chunk, now, out);
            } else {
                serve.peer.waiting--;
                refuse(serve.peer.number, serve.request, Refusal.NOT_HERE, 0, out);
            }
        }
    }

    private void spread(Line line, Serve serve, long now, List<SwarmCommand> out) {
        Rarity unspread = unspread();
        int chunk = have.isFull() && unspread.wanted() > 0 ? unspread.at(0) : ANY;
        if (chunk == ANY || unspread.copies(chunk) > 0 || serve.peer.has.get(chunk)) {
            serve.peer.waiting--;
            refuse(serve.peer.number, serve.request, Refusal.NOTHING_NEW, 0, out);
            return;
        }
        unspread.satisfied(chunk);
        promises.put(chunk, new Promise(serve.peer, now + Limits.PROMISE.toNanos()));
        send(line, serve, chunk, now, out);
    }

    private void send(Line line, Serve serve, int chunk, long now, List<SwarmCommand> out) {
        serve.began = now;
        serve.given = chunk;
        line.served.add(serve);
        boolean sole = peers.all().stream().noneMatch(peer -> peer.has.get(chunk));
        out.add(new SwarmCommand.Send(serve.peer.number, serve.request, chunk, serve.frames, serve.header, sole));
    }

    private static void refuse(int peer, int request, Refusal why, int retryMillis, List<SwarmCommand> out) {
        out.add(new SwarmCommand.Refuse(peer, request, why, retryMillis));
    }

    private Rarity unspread() {
        if (unspread == null) {
            unspread = new Rarity(have.size(), chance);
            for (Peer peer : peers.all()) {
                for (int chunk = peer.has.next(0); !peer.source && chunk >= 0; chunk = peer.has.next(chunk + 1)) {
                    unspread.gained(chunk);
                }
            }
        }
        return unspread;
    }

    private void release(int chunk) {
        if (promises.remove(chunk) != null) {
            unspread().wantedAgain(chunk);
        }
    }

    void checkInvariants() {
        Swarm.check(unspread == null || unspread.isConsistent(), "the order of what is to be spread is broken");
        for (Line line : List.of(near, far)) {
            Swarm.check(line.named() <= line.waitingMax, line.named() + " requests wait");
            Swarm.check(line.served.size() <= line.places, line.served.size() + " requests are answered");
            Swarm.check(line.waiting.isEmpty() || line.served.size() == line.places, "requests wait for nothing");
        }
        for (Peer peer : peers.all()) {
            long waiting = List.of(near.waiting, near.served, far.waiting, far.served).stream()
                    .flatMap(List::stream)
                    .filter(serve -> serve.peer == peer)
                    .count();
            Swarm.check(
                    waiting == peer.waiting && waiting <= limits.servesPerPeer(), peer.host + " waits for " + waiting);
        }
    }
}
