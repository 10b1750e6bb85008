package dev.muster.agent.swarm;

import dev.muster.agent.swarm.SwarmCommand.Refusal;
import dev.muster.protocol.wire.Bitfield;
import java.time.Duration;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/// What this host gives: by name what it has, and for credit, when it has everything, the chunk with no copy among the
/// peers that fetch. A chunk that was given for credit counts as copied until its receiver is gone or has been silent
/// about it for [#PROMISE].
final class Server {
    static final Duration PROMISE = Duration.ofSeconds(30);

    private final Bitfield have;
    private final Map<String, Peer> peers;
    private final Limits limits;

    /// The copies among peers that fetch, of the chunks not promised.
    private final Rarity unspread;

    private final Map<Serve, Integer> serves = new HashMap<>();
    private final Map<Integer, Promise> promises = new HashMap<>();

    Server(Bitfield have, Map<String, Peer> peers, Limits limits, RandomGenerator chance) {
        this.have = have;
        this.peers = peers;
        this.limits = limits;
        this.unspread = new Rarity(have.size(), chance);
    }

    private record Serve(String peer, int request) {}

    private record Promise(String peer, long until) {}

    void asked(String id, int request, int chunk, int frames, boolean header, List<SwarmCommand> out) {
        Peer peer = peers.get(id);
        if (chunk >= have.size() || !have.get(chunk)) {
            out.add(new SwarmCommand.Refuse(id, request, Refusal.NOT_HERE));
        } else if (peer == null || isBusyFor(peer) || serves.containsKey(new Serve(id, request))) {
            out.add(new SwarmCommand.Refuse(id, request, Refusal.BUSY));
        } else {
            serve(peer, request, chunk);
            out.add(new SwarmCommand.Send(id, request, chunk, frames, header));
        }
    }

    void credited(String id, int request, long now, List<SwarmCommand> out) {
        Peer peer = peers.get(id);
        if (peer == null || isBusyFor(peer) || serves.containsKey(new Serve(id, request))) {
            out.add(new SwarmCommand.Refuse(id, request, Refusal.BUSY));
            return;
        }
        boolean nothingNew = !have.isFull() || unspread.wanted() == 0 || unspread.copies(unspread.at(0)) > 0;
        if (nothingNew || peer.has.get(unspread.at(0))) {
            out.add(new SwarmCommand.Refuse(id, request, Refusal.NOTHING_NEW));
            return;
        }
        int chunk = unspread.at(0);
        unspread.satisfied(chunk);
        promises.put(chunk, new Promise(id, now + PROMISE.toNanos()));
        serve(peer, request, chunk);
        out.add(new SwarmCommand.Send(id, request, chunk, -1, true));
    }

    /// The request has been answered or is wanted no longer.
    void done(String id, int request) {
        Integer chunk = serves.remove(new Serve(id, request));
        Peer peer = peers.get(id);
        if (chunk != null && peer != null) {
            peer.waiting--;
        }
    }

    void gained(Peer peer, int chunk) {
        if (!peer.source) {
            unspread.gained(chunk);
            release(chunk);
        }
    }

    void lost(Peer peer, int chunk) {
        if (!peer.source) {
            unspread.lost(chunk);
        }
    }

    void left(Peer peer) {
        serves.keySet().removeIf(serve -> serve.peer.equals(peer.id));
        promises.entrySet().stream()
                .filter(promise -> promise.getValue().peer.equals(peer.id))
                .map(Map.Entry::getKey)
                .toList()
                .forEach(this::release);
    }

    void expire(long now) {
        for (Iterator<Map.Entry<Integer, Promise>> all = promises.entrySet().iterator(); all.hasNext(); ) {
            Map.Entry<Integer, Promise> promise = all.next();
            if (now - promise.getValue().until >= 0) {
                all.remove();
                unspread.wantedAgain(promise.getKey());
            }
        }
    }

    void checkInvariants() {
        Swarm.check(unspread.isConsistent(), "the order of what is to be spread is broken");
        Swarm.check(serves.size() <= limits.serves(), serves.size() + " requests wait");
        for (Peer peer : peers.values()) {
            long waiting = serves.keySet().stream()
                    .filter(serve -> serve.peer.equals(peer.id))
                    .count();
            Swarm.check(
                    waiting == peer.waiting && waiting <= limits.servesPerPeer(), peer.id + " waits for " + waiting);
        }
    }

    private void serve(Peer peer, int request, int chunk) {
        serves.put(new Serve(peer.id, request), chunk);
        peer.waiting++;
    }

    private boolean isBusyFor(Peer peer) {
        return peer.waiting >= limits.servesPerPeer() || serves.size() >= limits.serves();
    }

    private void release(int chunk) {
        if (promises.remove(chunk) != null) {
            unspread.wantedAgain(chunk);
        }
    }
}
