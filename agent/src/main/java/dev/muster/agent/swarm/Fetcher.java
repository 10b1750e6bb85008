package dev.muster.agent.swarm;

import dev.muster.protocol.content.ChunkEntry;
import dev.muster.protocol.wire.Bitfield;
import java.time.Duration;
import java.util.List;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// What this host asks for, of whom, and what becomes of it. The rules are in this package's documentation.
final class Fetcher {
    /// Chunks under way from peers of this site at least, if there are so many.
    private static final int NEAR_LEAST = 4;

    /// After waiting in vain for so many times as long as is patience, a host that is no gateway asks other sites.
    private static final double FAR_FOR_ALL = 3;

    /// For how long what is out of turn is allowed after waiting in vain.
    private static final Duration OUT_OF_TURN = Duration.ofSeconds(10);

    private final Bitfield have;
    private final Peers peers;
    private final Limits limits;
    private final RandomGenerator chance;
    private final Table table;
    private final Rarity rarity;
    private final Pace pace;
    private final Picker picker;
    private final Gateways gateways;
    private final Imports imports;

    /// Waiting in vain counts a little differently for each host, so that not all lose patience at once.
    private final double steadiness;

    /// Until then sources of this site are asked by name, and gateways take anything from anywhere.
    private long outOfTurnUntil;

    /// Until then this host asks other sites though it is no gateway.
    private long farUntil;

    private boolean outOfTurn;
    private boolean begun;

    /// When a peer that is resting may be asked again, if that is waited for.
    private long wakeAt = Long.MAX_VALUE;

    Fetcher(List<ChunkEntry> chunks, Bitfield have, Peers peers, Limits limits, RandomGenerator chance, long rank) {
        this.have = have;
        this.peers = peers;
        this.limits = limits;
        this.chance = chance;
        this.table = new Table(chunks, limits, chance);
        this.rarity = new Rarity(chunks.size(), chance);
        this.pace = new Pace(limits);
        this.picker = new Picker(limits, table, rarity, pace, chance);
        this.gateways = new Gateways(peers, table, have, rank);
        this.imports = new Imports(peers, table, rarity, pace, picker, gateways);
        this.steadiness = 1 + chance.nextDouble();
        for (int chunk = have.next(0); chunk >= 0; chunk = have.next(chunk + 1)) {
            rarity.satisfied(chunk);
        }
    }

    Rarity rarity() {
        return rarity;
    }

    Gateways gateways() {
        return gateways;
    }

    void joined(Peer peer, List<SwarmCommand> out) {
        count(peer, true);
        gateways.joined(peer);
        if (!peer.near && !peer.source) {
            spareSources(peer.site, out);
        }
    }

    /// There is somebody else in their site to ask: see [Gateways#may].
    private void spareSources(Site site, List<SwarmCommand> out) {
        for (Request request : table.requests()) {
            if (request.peer.source && request.peer.site == site && !request.answered) {
                cancel(request, out);
            }
        }
    }

    void left(Peer peer, List<SwarmCommand> out) {
        count(peer, false);
        takeAway(peer, out, false);
        gateways.left(peer);
    }

    void gained(Peer peer, int chunk) {
        peer.barren = have.get(chunk) ? peer.barren : 0;
        if (!peer.near) {
            gateways.gained(peer, chunk);
            imports.gained(chunk);
        }
        if (peer.counted) {
            rarity.gained(chunk);
        }
    }

    void lost(Peer peer, int chunk) {
        if (!peer.near) {
            gateways.lost(peer, chunk);
        }
        if (peer.counted) {
            rarity.lost(chunk);
            table.changed();
        }
    }

    void lacking(int chunk) {
        rarity.wantedAgain(chunk);
        table.changed();
    }

    /// @param chunk as the peer says, from outside
    void named(int peer, int id, int chunk, long now, List<SwarmCommand> out) {
        Request request = table.request(peer, id);
        if (request == null || !request.credit || request.fetch != null) {
            return;
        }
        if (chunk >= have.size() || have.get(chunk) || table.isUnderWay(chunk)) {
            cancel(request, out);
            return;
        }
        table.named(request, table.start(chunk), now);
    }

    void verified(int peer, int id, int frames, long now, List<SwarmCommand> out) {
        Request request = table.request(peer, id);
        if (request == null || request.fetch == null) {
            return;
        }
        Fetch fetch = request.fetch;
        pace.came(request, now);
        if (!request.answered && request.peer.owed == 1) {
            request.peer.responseNanos = Math.min(request.peer.responseNanos, now - request.asked);
        }
        request.progress = now;
        request.answered = true;
        request.peer.proven = true;
        fetch.missing &= ~frames;
        if (fetch.missing == 0) {
            long bytes = table.bytes(fetch);
            pace.completed(request, bytes, now);
            request.peer.completed(bytes, now - request.asked);
            for (Request each : List.copyOf(fetch.asked)) {
                if (each == request) {
                    table.drop(each);
                } else {
                    cancel(each, out);
                }
            }
        }
    }

    /// A frame came that nobody asked for, or not any more.
    ///
    /// @return whether that is too many
    boolean unasked(int number) {
        Peer peer = peers.get(number);
        return peer != null && ++peer.unasked >= Limits.UNASKED_FRAMES;
    }

    void refused(SwarmEvent.Refused refused, long now, List<SwarmCommand> out) {
        Request request = table.request(refused.peer(), refused.request());
        if (request == null) {
            return;
        }
        Peer peer = request.peer;
        switch (refused.why()) {
            case NOTHING_NEW -> {
                peer.nothingNew = true;
                peer.creditAt = now + Limits.CREDIT_AGAIN.toNanos();
            }
            case BUSY -> {
                long millis = Math.clamp(refused.retryMillis(), 1, Limits.REST.toMillis());
                peer.rest(now, Duration.ofNanos((long) (millis * 1e6 * (0.5 + chance.nextDouble()))));
            }
            case NOT_HERE -> peer.creditAt = now + Limits.CREDIT_AGAIN.toNanos();
        }
        drop(request, out);
    }

    void kept(int chunk, List<SwarmCommand> out) {
        rarity.satisfied(chunk);
        gateways.kept(chunk);
        Fetch fetch = table.fetch(chunk);
        if (fetch != null) {
            for (Request request : List.copyOf(fetch.asked)) {
                cancel(request, out);
            }
            table.end(fetch);
        }
    }

    void claimed(int number, int chunk, long now, List<SwarmCommand> out) {
        Peer peer = peers.get(number);
        if (peer == null || chunk >= have.size() || !gateways.claimed(peer, chunk, now)) {
            return;
        }
        Fetch mine = table.fetch(chunk);
        if (mine != null) {
            List.copyOf(mine.asked).forEach(request -> cancel(request, out));
            table.end(mine);
        }
    }

    /// Nothing is late because this host did not look for so long.
    void excuse(long lapse, long now) {
        pace.excuse(lapse, now);
        for (Request request : table.requests()) {
            request.progress = Math.min(now, request.progress + lapse);
            request.excused += lapse;
        }
    }

    void tick(long now, List<SwarmCommand> out) {
        gateways.expire(now);
        gateways.repeat(now, out);
        for (Request request : table.requests()) {
            boolean open = table.request(request.peer.number, request.id) == request;
            if (open && isStalled(request, now)) {
                stalled(request, now, out);
            }
        }
        for (Peer peer : peers.all()) {
            if (!peer.counted && !peer.isResting(now)) {
                count(peer, true);
            }
        }
    }

    /// A credit may wait long for its turn.
    private boolean isStalled(Request request, long now) {
        if (request.fetch == null) {
            return now - request.asked >= limits.stall().toNanos();
        }
        return now - request.progress >= pace.stallNanos(request)
                || now - request.asked - request.excused >= pace.ageNanos(request);
    }

    /// Work goes to others, and the peer is left alone, the longer the oftener it stalls; meanwhile its copies count as
    /// none.
    private void stalled(Request request, long now, List<SwarmCommand> out) {
        Peer peer = request.peer;
        int doublings = Math.min(peer.stalls++, Limits.STALLED_REST_DOUBLINGS);
        peer.rest(now, Limits.STALLED_REST.multipliedBy(1L << doublings));
        pace.stalled(request, now);
        takeAway(peer, out, true);
        if (peer.stalls > 1) {
            count(peer, false);
        }
        table.changed();
    }

    private void takeAway(Peer peer, List<SwarmCommand> out, boolean tell) {
        for (Request request : table.requests()) {
            if (request.peer == peer) {
                if (tell) {
                    cancel(request, out);
                } else {
                    drop(request, out);
                }
            }
        }
    }

    private void count(Peer peer, boolean counts) {
        if (peer.counted == counts) {
            return;
        }
        peer.counted = counts;
        if (!peer.near) {
            peer.counted = false;
            return;
        }
        for (int chunk = peer.has.next(0); chunk >= 0; chunk = peer.has.next(chunk + 1)) {
            if (counts) {
                rarity.gained(chunk);
            } else {
                rarity.lost(chunk);
            }
        }
    }

    /// Asks for as much as the limits allow.
    void fill(long now, List<SwarmCommand> out) {
        wakeAt = Long.MAX_VALUE;
        if (rarity.wanted() == 0) {
            return;
        }
        judgePatience(now);
        resume(now, out);
        credit(now, out);
        askNear(now, out);
        if (!peers.far().isEmpty() && (gateways.isActive() || now - farUntil < 0)) {
            askFar(now, out);
            gateways.tell(out);
        }
        endGame(now, out);
    }

    /// Patience ends if nothing comes though there is something to come; then, for a while, more is allowed.
    private void judgePatience(long now) {
        if (!begun || !isSomethingToCome()) {
            begun = true;
            outOfTurnUntil = now;
            farUntil = now;
            pace.idle(now);
        }
        double waited = pace.waited(now) / steadiness;
        if (waited > 1) {
            outOfTurnUntil = now + OUT_OF_TURN.toNanos();
        }
        if (waited > FAR_FOR_ALL) {
            farUntil = now + OUT_OF_TURN.toNanos();
        }
        if (outOfTurn != now - outOfTurnUntil < 0) {
            outOfTurn = !outOfTurn;
            table.changed();
        }
    }

    private boolean isSomethingToCome() {
        return rarity.withoutCopies() < rarity.wanted()
                || peers.far().stream().anyMatch(peer -> peer.has.cardinality() > 0);
    }

    /// Fetches whose peer went away come first: their frames take up memory. Other sites are asked only for what nobody
    /// here has.
    private void resume(long now, List<SwarmCommand> out) {
        for (int i = table.fetches().size() - 1; i >= 0; i--) {
            Fetch fetch = table.fetches().get(i);
            if (!fetch.asked.isEmpty() || fetch.missing == 0) {
                continue;
            }
            Peer peer = another(fetch.chunk, peers.near(), _ -> true, now);
            if (peer == null && rarity.copies(fetch.chunk) == 0) {
                peer = another(fetch.chunk, peers.far(), _ -> true, now);
            }
            if (peer != null) {
                ask(fetch, peer, now, out);
            } else if (rarity.copies(fetch.chunk) == 0) {
                table.end(fetch);
                out.add(new SwarmCommand.Forget(fetch.chunk));
            }
        }
    }

    private void credit(long now, List<SwarmCommand> out) {
        int sources = peers.nearSources();
        if (sources == 0 || (sources > 1 && sources == peers.near().size())) {
            return; // Nobody else fetches, so there is nothing to spread; by name, no two sources send the same.
        }
        int credited = 0;
        for (Peer peer : peers.near()) {
            if (!peer.source || peer.isResting(now) || now - peer.creditAt < 0) {
                continue;
            }
            while (peer.credits + peer.owed < Math.min(Limits.CREDITS_PER_SOURCE, limits.requestsPerPeer())
                    && table.inFlight() < limits.chunksInFlight()
                    && rarity.wanted() > table.inFlight()) {
                out.add(new SwarmCommand.Grant(peer.number, table.credit(peer, now).id));
            }
            if (++credited == Limits.CREDITED_SOURCES) {
                return;
            }
        }
    }

    private void askNear(long now, List<SwarmCommand> out) {
        // What sources choose does not count: one that is slow, or false, must not keep this host from asking others.
        int window = pace.window(NEAR_LEAST, table.chunkBytes());
        boolean sourcesToo = sourcesByName();
        Predicate<Peer> may = peer -> sourcesToo || !peer.source;
        while (table.fetches().size() - table.far() - table.chosen() < window
                && table.inFlight() < limits.chunksInFlight()) {
            Picker.Pick pick = picker.next(peers.near(), may, now);
            if (pick == null) {
                wakeFor(peers.near(), now);
                return;
            }
            ask(table.start(pick.chunk()), pick.peer(), now, out);
        }
    }

    private void askFar(long now, List<SwarmCommand> out) {
        while (table.inFlight() < limits.chunksInFlight()) {
            Picker.Pick pick = imports.next(outOfTurn, now);
            if (pick == null) {
                wakeAt = Math.min(wakeAt, imports.wakeAt());
                return;
            }
            gateways.asked(pick.chunk());
            ask(table.start(pick.chunk()), pick.peer(), now, out);
        }
    }

    /// When nothing is left but what is under way, the slowest of it is asked of a second peer.
    private void endGame(long now, List<SwarmCommand> out) {
        if (table.fetches().size() < rarity.wanted()) {
            return;
        }
        for (Fetch fetch : table.fetches()) {
            if (fetch.asked.size() == 1 && fetch.missing != 0) {
                Request first = fetch.asked.getFirst();
                if (now - first.progress < pace.lateNanos(first)) {
                    continue;
                }
                Peer peer = another(fetch.chunk, peers.near(), each -> each != first.peer, now);
                if (peer == null && !first.peer.near) {
                    peer = another(fetch.chunk, peers.far(), each -> each != first.peer, now);
                }
                if (peer != null) {
                    ask(fetch, peer, now, out);
                }
            }
        }
    }

    /// Whom to ask for the rest of a chunk: a source only for want of others.
    private @Nullable Peer another(int chunk, List<Peer> among, Predicate<Peer> may, long now) {
        boolean others = false;
        for (int i = 0; i < among.size() && !others; i++) {
            Peer peer = among.get(i);
            others = !peer.source && peer.has.get(chunk) && may.test(peer);
        }
        boolean sourcesToo = !others || outOfTurn;
        return picker.holder(chunk, among, peer -> (sourcesToo || !peer.source) && may.test(peer), now);
    }

    /// Whether sources may be asked by name; see rule 2 of this package.
    private boolean sourcesByName() {
        int sources = peers.nearSources();
        if (sources == 0) {
            return false;
        }
        if (sources == peers.near().size()) {
            return sources > 1 || peers.near().getFirst().nothingNew;
        }
        return outOfTurn;
    }

    private void ask(Fetch fetch, Peer peer, long now, List<SwarmCommand> out) {
        Request request = table.ask(fetch, peer, now);
        out.add(new SwarmCommand.Ask(peer.number, request.id, fetch.chunk, fetch.missing));
    }

    /// Frames of it that are on their way may still come.
    private void cancel(Request request, List<SwarmCommand> out) {
        out.add(new SwarmCommand.Cancel(request.peer.number, request.id));
        request.peer.unasked -= Integer.bitCount(request.fetch == null ? 0xff : request.fetch.frames);
        drop(request, out);
    }

    private void drop(Request request, List<SwarmCommand> out) {
        Fetch fetch = request.fetch;
        table.drop(request);
        if (fetch != null && fetch.asked.isEmpty() && fetch.isUntouched()) {
            table.end(fetch);
            if (!request.peer.near) {
                gateways.dropped(fetch.chunk, out);
            }
        }
    }

    /// When a peer that is resting may be asked again, if that is waited for.
    long wakeAt() {
        return wakeAt;
    }

    private void wakeFor(List<Peer> resting, long now) {
        for (int i = 0; i < resting.size(); i++) {
            Peer peer = resting.get(i);
            if (peer.isResting(now)) {
                wakeAt = Math.min(wakeAt, peer.restUntil);
            }
        }
    }

    void checkInvariants() {
        Swarm.check(rarity.isConsistent(), "the order of what is wanted is broken");
        table.checkInvariants(limits, have, peers.all());
        gateways.checkInvariants();
    }
}
