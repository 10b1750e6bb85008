package dev.muster.agent.swarm;

import dev.muster.agent.swarm.SwarmCommand.Refusal;
import dev.muster.protocol.wire.Bitfield;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// What this host gives. Few requests are answered at a time, each whole, so that the first can hand on what they got
/// while the others wait; few may wait, and the rest are told at once that it is busy: see [Line]. Peers of other sites
/// wait apart: their link is the scarcer.
///
/// By name it gives what it has; for credit, when it has everything, the chunk with no copy among the peers of this
/// site that fetch, chosen when its turn comes. A chunk that was given for credit counts as copied until its receiver
/// is gone or has
/// been silent about it for [Limits#PROMISE].
final class Server {

    private static final int NONE = -1;

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

    /// What was given for a credit should spread.
    private record Promise(Peer peer, int request, long until) {
        boolean is(Serve serve) {
            return serve.is(peer, request);
        }
    }

    void asked(SwarmEvent.Asked asked, long now, List<SwarmCommand> out) {
        Peer peer = peers.get(asked.peer());
        if (asked.chunk() >= have.size() || !have.get(asked.chunk())) {
            refuse(asked.peer(), asked.request(), Refusal.NOT_HERE, 0, out);
        } else if (peer == null) {
            refuse(asked.peer(), asked.request(), Refusal.BUSY, Line.RETRY_MILLIS_MAX, out);
        } else {
            Line line = line(peer);
            Serve serve = new Serve(peer, asked);
            if (peer.waiting >= limits.servesPerPeer() || line.contains(peer, asked.request())) {
                refuse(asked.peer(), asked.request(), Refusal.BUSY, line.retryMillis(), out);
            } else {
                enter(serve, now, out);
                makeRoom(line, out);
            }
        }
    }

    /// Of more than may wait the last is refused.
    private void makeRoom(Line line, List<SwarmCommand> out) {
        if (line.isTooLong()) {
            Serve last = line.takeLast(rarity);
            last.peer.waiting--;
            refuse(last.peer.number, last.request, Refusal.BUSY, line.retryMillis(), out);
        }
    }

    void credited(int number, int request, long now, List<SwarmCommand> out) {
        Peer peer = peers.get(number);
        if (peer == null || peer.waiting >= limits.servesPerPeer() || line(peer).contains(peer, request)) {
            refuse(number, request, Refusal.BUSY, Line.RETRY_MILLIS_MAX, out);
        } else {
            enter(Serve.credit(peer, request), now, out);
        }
    }

    /// The request is wanted no longer. What was to be spread by it is not, even if it has been sent.
    void cancelled(int number, int request, long now, List<SwarmCommand> out) {
        Peer peer = peers.get(number);
        if (peer == null) {
            return;
        }
        release(promise -> promise.peer == peer && promise.request == request);
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
            line.left(serve, now);
            sent(serve, now);
        }
        next(line, now, out);
    }

    /// Who got a chunk for credit should soon say that it has it.
    private void sent(Serve serve, long now) {
        Promise promise = serve.isCredit() ? promises.get(serve.given) : null;
        if (promise != null && promise.is(serve)) {
            long soon = Math.clamp(
                    Limits.PROMISE_TIMES * (now - serve.began), Limits.PROMISE_MIN.toNanos(), Limits.PROMISE.toNanos());
            promises.put(serve.given, new Promise(serve.peer, serve.request, now + soon));
        }
    }

    void gained(Peer peer, int chunk) {
        if (unspread != null && peer.near && !peer.source) {
            unspread.gained(chunk);
            release(chunk);
        }
    }

    void lost(Peer peer, int chunk) {
        if (unspread != null && peer.near && !peer.source) {
            unspread.lost(chunk);
        }
    }

    void left(Peer peer, long now, List<SwarmCommand> out) {
        Line line = line(peer);
        line.remove(peer);
        release(promise -> promise.peer == peer);
        next(line, now, out);
    }

    void expire(long now) {
        release(promise -> now - promise.until >= 0);
    }

    /// For so long this host did not look, so it has not heard of what spread.
    void excuse(long lapse) {
        promises.replaceAll((_, promise) -> new Promise(promise.peer, promise.request, promise.until + lapse));
    }

    private void release(Predicate<Promise> which) {
        promises.entrySet().stream()
                .filter(promise -> which.test(promise.getValue()))
                .map(Map.Entry::getKey)
                .toList()
                .forEach(this::release);
    }

    private Line line(Peer peer) {
        return peer.near ? near : far;
    }

    private void enter(Serve serve, long now, List<SwarmCommand> out) {
        serve.peer.waiting++;
        Line line = line(serve.peer);
        line.enter(serve);
        next(line, now, out);
    }

    private void next(Line line, long now, List<SwarmCommand> out) {
        while (line.isNext()) {
            Serve serve = line.takeFirst(rarity);
            if (serve.isCredit()) {
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
        int chunk = have.isFull() && unspread.wanted() > 0 ? unspread.at(0) : NONE;
        if (chunk == NONE || unspread.copies(chunk) > 0 || serve.peer.has.get(chunk)) {
            serve.peer.waiting--;
            refuse(serve.peer.number, serve.request, Refusal.NOTHING_NEW, 0, out);
            return;
        }
        unspread.satisfied(chunk);
        promises.put(chunk, new Promise(serve.peer, serve.request, now + Limits.PROMISE.toNanos()));
        send(line, serve, chunk, now, out);
    }

    private void send(Line line, Serve serve, int chunk, long now, List<SwarmCommand> out) {
        line.serve(serve, chunk, now);
        boolean sole = peers.all().stream().noneMatch(peer -> peer.has.get(chunk));
        out.add(new SwarmCommand.Send(serve.peer.number, serve.request, chunk, serve.frames, serve.header, sole));
    }

    private static void refuse(int peer, int request, Refusal why, int retryMillis, List<SwarmCommand> out) {
        out.add(new SwarmCommand.Refuse(peer, request, why, retryMillis));
    }

    private Rarity unspread() {
        if (unspread == null) {
            unspread = new Rarity(have.size(), chance);
            for (Peer peer : peers.near()) {
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
        near.checkInvariants();
        far.checkInvariants();
        for (Peer peer : peers.all()) {
            long waiting = Stream.of(near.waiting(), near.served(), far.waiting(), far.served())
                    .flatMap(List::stream)
                    .filter(serve -> serve.peer == peer)
                    .count();
            Swarm.check(
                    waiting == peer.waiting && waiting <= limits.servesPerPeer(), peer.host + " waits for " + waiting);
        }
    }
}
