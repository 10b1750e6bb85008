package dev.muster.agent.swarm;

import dev.muster.protocol.content.ChunkEntry;
import dev.muster.protocol.content.Frame;
import dev.muster.protocol.wire.Bitfield;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// What this host asks for, of whom, and what becomes of it. The rules are in this package's documentation.
final class Fetcher {
    /// How many of the rarest chunks are looked at for one that an idle peer has.
    private static final int LOOKED_AT = 2048;

    private static final int CREDITED_SOURCES = 4;

    /// Numbers of requests come round again after so many.
    private static final int REQUEST_IDS = 1 << 24;

    private final List<ChunkEntry> chunks;
    private final Bitfield have;
    private final Map<String, Peer> peers;
    private final Limits limits;
    private final RandomGenerator chance;
    private final Rarity rarity;
    private final Map<Integer, Fetch> fetches = new LinkedHashMap<>();
    private final Map<Integer, Request> requests = new HashMap<>();
    private int openCredits;
    private int lastRequest;

    /// Since when peers that fetch could not keep us busy; see [Limits#patience].
    private long starvedSince;

    private boolean starved;

    Fetcher(List<ChunkEntry> chunks, Bitfield have, Map<String, Peer> peers, Limits limits, RandomGenerator chance) {
        this.chunks = chunks;
        this.have = have;
        this.peers = peers;
        this.limits = limits;
        this.chance = chance;
        this.rarity = new Rarity(chunks.size(), chance);
        this.lastRequest = chance.nextInt(REQUEST_IDS);
        for (int chunk = have.next(0); chunk >= 0; chunk = have.next(chunk + 1)) {
            rarity.satisfied(chunk);
        }
    }

    /// A chunk under way: which frames are missing, and who was asked for them.
    private static final class Fetch {
        final int chunk;
        int missing;
        final List<Request> asked = new ArrayList<>(2);

        Fetch(int chunk, int frames) {
            this.chunk = chunk;
            this.missing = (1 << frames) - 1;
        }
    }

    /// Something asked of a peer.
    private static final class Request {
        final int id;
        final Peer peer;
        final boolean credit;
        long progress;

        /// None while a credit has not been answered with a name.
        @Nullable
        Fetch fetch;

        Request(int id, Peer peer, @Nullable Fetch fetch, long now) {
            this.id = id;
            this.peer = peer;
            this.credit = fetch == null;
            this.fetch = fetch;
            this.progress = now;
        }
    }

    void gained(int chunk) {
        rarity.gained(chunk);
    }

    void lost(int chunk) {
        rarity.lost(chunk);
    }

    void lacking(int chunk) {
        rarity.wantedAgain(chunk);
    }

    void left(Peer peer, long now) {
        requests.values().stream()
                .filter(request -> request.peer == peer)
                .toList()
                .forEach(request -> drop(request, now));
    }

    void named(String peer, int id, int chunk, long now, List<SwarmCommand> out) {
        Request request = request(peer, id);
        if (request == null || !request.credit || request.fetch != null) {
            return;
        }
        boolean useless = chunk >= have.size() || have.get(chunk) || fetches.containsKey(chunk);
        if (useless) {
            out.add(new SwarmCommand.Cancel(peer, id));
            drop(request, now);
            return;
        }
        Fetch fetch = start(chunk);
        fetch.asked.add(request);
        request.fetch = fetch;
        request.progress = now;
        openCredits--;
        request.peer.credits--;
        request.peer.owed++;
    }

    void verified(String peer, int id, int frame, long now, List<SwarmCommand> out) {
        Request request = request(peer, id);
        if (request == null || request.fetch == null) {
            return;
        }
        Fetch fetch = request.fetch;
        request.progress = now;
        fetch.missing &= ~(1 << frame);
        if (fetch.missing == 0) {
            for (Request each : List.copyOf(fetch.asked)) {
                if (each != request) {
                    out.add(new SwarmCommand.Cancel(each.peer.id, each.id));
                }
                drop(each, now);
            }
        }
    }

    void refused(String peer, int id, SwarmCommand.Refusal why, long now) {
        Request request = request(peer, id);
        if (request == null) {
            return;
        }
        switch (why) {
            case NOTHING_NEW -> {
                request.peer.nothingNew = true;
                request.peer.creditAt = now + Limits.CREDIT_AGAIN.toNanos();
            }
            case BUSY -> request.peer.restUntil = now + Limits.REST.toNanos();
            case NOT_HERE -> request.peer.creditAt = now + Limits.CREDIT_AGAIN.toNanos();
        }
        drop(request, now);
    }

    void kept(int chunk, List<SwarmCommand> out) {
        rarity.satisfied(chunk);
        Fetch fetch = fetches.remove(chunk);
        if (fetch != null) {
            for (Request request : List.copyOf(fetch.asked)) {
                out.add(new SwarmCommand.Cancel(request.peer.id, request.id));
                drop(request, request.progress);
            }
        }
    }

    void stalled(long now, List<SwarmCommand> out) {
        for (Request request : List.copyOf(requests.values())) {
            if (now - request.progress >= limits.stall().toNanos()) {
                out.add(new SwarmCommand.Cancel(request.peer.id, request.id));
                request.peer.restUntil = now + Limits.REST.toNanos();
                drop(request, now);
            }
        }
    }

    /// Asks for as much as the limits allow.
    void fill(long now, List<SwarmCommand> out) {
        if (rarity.wanted() == 0 || peers.isEmpty()) {
            return;
        }
        resume(now, out);
        credit(now, out);
        boolean full = askRarest(now, out);
        if (full || rarity.wanted() == fetches.size()) {
            starved = false;
        } else if (!starved) {
            starved = true;
            starvedSince = now;
        }
        endGame(now, out);
    }

    /// Fetches whose peer went away come first: their frames take up memory.
    private void resume(long now, List<SwarmCommand> out) {
        for (Fetch fetch : List.copyOf(fetches.values())) {
            if (!fetch.asked.isEmpty() || fetch.missing == 0) {
                continue;
            }
            if (rarity.copies(fetch.chunk) == 0) {
                fetches.remove(fetch.chunk);
                out.add(new SwarmCommand.Forget(fetch.chunk));
                continue;
            }
            best(fetch.chunk, now, true).ifPresent(peer -> ask(fetch, peer, now, out));
        }
    }

    private void credit(long now, List<SwarmCommand> out) {
        long sources = sources();
        if (sources > 1 && sources == peers.size()) {
            return; // Nobody else fetches, so there is nothing to spread; by name, no two sources send the same.
        }
        int credited = 0;
        for (Peer peer : peers.values()) {
            if (!peer.source || peer.isResting(now) || now - peer.creditAt < 0 || credited == CREDITED_SOURCES) {
                continue;
            }
            credited++;
            while (peer.credits + peer.owed < Limits.CREDITS_PER_SOURCE
                    && fetches.size() + openCredits < limits.chunksInFlight()
                    && rarity.wanted() > fetches.size() + openCredits) {
                Request request = new Request(newRequest(), peer, null, now);
                requests.put(request.id, request);
                peer.credits++;
                openCredits++;
                out.add(new SwarmCommand.Grant(peer.id, request.id));
            }
        }
    }

    /// @return whether the limit of chunks in flight is reached
    private boolean askRarest(long now, List<SwarmCommand> out) {
        boolean sourcesToo = sourcesByName(now);
        int looked = 0;
        for (int rank = rarity.withoutCopies(); rank < rarity.wanted() && looked < LOOKED_AT; rank++) {
            if (fetches.size() + openCredits >= limits.chunksInFlight()) {
                return true;
            }
            if (peers.values().stream().noneMatch(peer -> isIdle(peer, now) && (sourcesToo || !peer.source))) {
                return false;
            }
            int chunk = rarity.at(rank);
            if (!fetches.containsKey(chunk)) {
                looked++;
                best(chunk, now, sourcesToo).ifPresent(peer -> ask(start(chunk), peer, now, out));
            }
        }
        return false;
    }

    /// When nothing is left but what is under way, the slowest of it is asked of a second peer.
    private void endGame(long now, List<SwarmCommand> out) {
        if (fetches.size() < rarity.wanted()) {
            return;
        }
        for (Fetch fetch : fetches.values()) {
            if (fetch.asked.size() == 1
                    && fetch.missing != 0
                    && now - fetch.asked.getFirst().progress >= Limits.END_GAME.toNanos()) {
                Peer first = fetch.asked.getFirst().peer;
                best(fetch.chunk, now, true)
                        .filter(peer -> peer != first)
                        .ifPresent(peer -> ask(fetch, peer, now, out));
            }
        }
    }

    /// The idle peer to ask for a chunk: one that fetches before a source, one that owes little before one that owes
    /// much.
    private Optional<Peer> best(int chunk, long now, boolean sourcesToo) {
        Peer best = null;
        int ties = 0;
        for (Peer peer : peers.values()) {
            if (!peer.has.get(chunk) || !isIdle(peer, now) || (peer.source && !sourcesToo)) {
                continue;
            }
            int order = best == null ? -1 : Integer.compare(load(peer), load(best));
            if (order < 0) {
                best = peer;
                ties = 1;
            } else if (order == 0 && chance.nextInt(++ties) == 0) {
                best = peer;
            }
        }
        return Optional.ofNullable(best);
    }

    private int load(Peer peer) {
        return peer.owed + (peer.source ? limits.requestsPerPeer() : 0);
    }

    private boolean isIdle(Peer peer, long now) {
        return !peer.isResting(now) && peer.owed + peer.credits < limits.requestsPerPeer();
    }

    /// Whether sources may be asked by name; see rule 2 of this package.
    private boolean sourcesByName(long now) {
        long sources = sources();
        if (sources == peers.size()) {
            return sources > 1 || peers.values().stream().allMatch(peer -> peer.nothingNew);
        }
        boolean saidSo = peers.values().stream().anyMatch(peer -> peer.source && peer.nothingNew);
        return saidSo && starved && now - starvedSince >= limits.patience().toNanos();
    }

    private long sources() {
        return peers.values().stream().filter(peer -> peer.source).count();
    }

    private Fetch start(int chunk) {
        int frames = Math.ceilDiv(chunks.get(chunk).blocks(), Frame.BLOCKS);
        Fetch fetch = new Fetch(chunk, frames);
        fetches.put(chunk, fetch);
        return fetch;
    }

    private void ask(Fetch fetch, Peer peer, long now, List<SwarmCommand> out) {
        Request request = new Request(newRequest(), peer, fetch, now);
        requests.put(request.id, request);
        fetch.asked.add(request);
        peer.owed++;
        out.add(new SwarmCommand.Ask(peer.id, request.id, fetch.chunk, fetch.missing));
    }

    private int newRequest() {
        do {
            lastRequest = (lastRequest + 1) % REQUEST_IDS;
        } while (requests.containsKey(lastRequest));
        return lastRequest;
    }

    private @Nullable Request request(String peer, int id) {
        Request request = requests.get(id);
        return request != null && request.peer.id.equals(peer) ? request : null;
    }

    private void drop(Request request, long now) {
        requests.remove(request.id);
        Fetch fetch = request.fetch;
        if (fetch == null) {
            openCredits--;
            request.peer.credits--;
            request.peer.creditAt = Math.max(request.peer.creditAt, now);
        } else {
            fetch.asked.remove(request);
            request.peer.owed--;
        }
    }

    void checkInvariants() {
        Swarm.check(rarity.isConsistent(), "the order of what is wanted is broken");
        Swarm.check(
                fetches.size() + openCredits <= limits.chunksInFlight(),
                fetches.size() + " chunks and " + openCredits + " credits are under way");
        for (Fetch fetch : fetches.values()) {
            Swarm.check(!have.get(fetch.chunk), "chunk " + fetch.chunk + " is here and is fetched");
            Swarm.check(fetch.asked.size() <= 2, "chunk " + fetch.chunk + " is asked of " + fetch.asked.size());
        }
        for (Peer peer : peers.values()) {
            Swarm.check(peer.owed <= limits.requestsPerPeer(), peer.id + " owes " + peer.owed);
            long owed = requests.values().stream()
                    .filter(request -> request.peer == peer && request.fetch != null)
                    .count();
            Swarm.check(owed == peer.owed, peer.id + " owes " + owed + ", counted " + peer.owed);
        }
    }
}
