package dev.muster.agent.swarm;

import dev.muster.protocol.content.ChunkEntry;
import dev.muster.protocol.wire.Bitfield;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;

/// One manifest among its peers: which chunks are here, who has the rest, what is asked of whom, what is owed to whom.
///
/// A swarm decides and does nothing. It is given what happened and the time, and returns what to do; it opens no
/// connection, starts no thread and reads no clock. A host that needs nothing has swarms too: it serves.
///
/// It holds to these promises after every event; [#checkInvariants] says so out loud in tests:
///
/// 1. No chunk is asked of two peers at once, but near the end, when at most two are.
/// 2. No peer owes more than [Limits#requestsPerPeer] chunks by name, and no more than [Limits#chunksInFlight] chunks
///    are under way in all.
/// 3. A chunk counts as here only after [SwarmEvent.Kept]; until then it can be lost without harm.
/// 4. A peer that sent wrong bytes is asked for nothing more and given nothing more.
///
/// Not safe for threads; one owner.
public final class Swarm {
    private final Place place;
    private final Bitfield have;
    private final Peers peers;
    private final Set<String> blamed = new HashSet<>();
    private final long rank;
    private final Fetcher fetcher;
    private final Server server;
    private boolean suspect;

    /// When something was last heard, once anything was.
    private long heard;

    private boolean begun;

    /// Where a swarm is.
    ///
    /// @param host this host's id
    /// @param image a number for the manifest, the same on every host
    public record Place(String host, String site, long image) {}

    /// @param chunks the manifest's chunk table
    /// @param have which of them are here; copied
    /// @param chance decides between equals; the same seed and events give the same commands
    public Swarm(Place place, List<ChunkEntry> chunks, Bitfield have, Limits limits, RandomGenerator chance) {
        if (have.size() != chunks.size()) {
            throw new IllegalArgumentException(have.size() + " bits for " + chunks.size() + " chunks");
        }
        this.place = place;
        this.have = have.copy();
        this.peers = new Peers(place.site);
        this.rank = Gateways.rank(place.image, place.host);
        this.fetcher = new Fetcher(chunks, this.have, peers, limits, chance, rank);
        this.server = new Server(this.have, peers, fetcher.rarity(), limits, chance);
    }

    /// The chunks that are here; the caller must not change it.
    public Bitfield have() {
        return have;
    }

    public boolean isComplete() {
        return have.isFull();
    }

    /// Whether the copy here is to outlive others: no peer that has everything scores higher for the image. So of
    /// hosts that know each other exactly one says so, and they do not all rely on each other.
    public boolean isLast() {
        return peers.all().stream().noneMatch(peer -> peer.has.isFull() && peer.rank > rank);
    }

    /// Whether this host fetches from other sites for its own.
    public boolean isGateway() {
        return fetcher.gateways().isActive();
    }

    /// What to do, in this order, now that this happened. What to ask for besides says [#fill].
    ///
    /// @param now nanoseconds of any clock that never goes back
    public List<SwarmCommand> on(SwarmEvent event, long now) {
        List<SwarmCommand> out = new ArrayList<>();
        notice(now);
        switch (event) {
            case SwarmEvent.Joined joined -> joined(joined, now, out);
            case SwarmEvent.Left(int peer) -> left(peer, now, out);
            case SwarmEvent.Has(int peer, int chunk) -> has(peer, chunk);
            case SwarmEvent.Gone(int peer, int chunk) -> gone(peer, chunk);
            case SwarmEvent.Claimed(int peer, int chunk) -> fetcher.claimed(peer, chunk, now, out);
            case SwarmEvent.Named(int peer, int request, int chunk) -> fetcher.named(peer, request, chunk, now, out);
            case SwarmEvent.Verified(int peer, int request, int frames) ->
                fetcher.verified(peer, request, frames, now, out);
            case SwarmEvent.Wrong(int peer, int _) -> blame(peer, now, out);
            case SwarmEvent.Unasked(int peer) -> {
                if (fetcher.unasked(peer)) {
                    blame(peer, now, out);
                }
            }
            case SwarmEvent.Refused refused -> fetcher.refused(refused, now, out);
            case SwarmEvent.Kept(int chunk) -> kept(chunk, out);
            case SwarmEvent.Lost(int chunk) -> lost(chunk, out);
            case SwarmEvent.Asked asked -> server.asked(asked, now, out);
            case SwarmEvent.Credited(int peer, int request) -> server.credited(peer, request, now, out);
            case SwarmEvent.Cancelled(int peer, int request) -> server.cancelled(peer, request, now, out);
            case SwarmEvent.Sent(int peer, int request) -> server.done(peer, request, now, out);
            case SwarmEvent.Candidate(boolean is) -> fetcher.gateways().candidate(is);
            case SwarmEvent.Tick() -> {
                fetcher.tick(now, out);
                server.expire(now);
            }
        }
        return out;
    }

    /// A host that was given no time did not wait: nobody is late by that.
    private void notice(long now) {
        long lapse = begun ? now - heard : 0;
        if (lapse > Limits.LAPSE.toNanos()) {
            fetcher.excuse(lapse, now);
            server.excuse(lapse);
        }
        heard = now;
        begun = true;
    }

    /// What to ask for now: to be called after one event, or after a batch of them.
    public List<SwarmCommand> fill(long now) {
        List<SwarmCommand> out = new ArrayList<>();
        if (!suspect) {
            fetcher.fill(now, out);
        }
        return out;
    }

    /// When [#fill] should be called again even if nothing happens meanwhile; as it was after the last one.
    public long wakeAt() {
        return fetcher.wakeAt();
    }

    /// @throws AssertionError if a promise of this class is broken
    public void checkInvariants() {
        fetcher.checkInvariants();
        server.checkInvariants();
        for (Peer peer : peers.all()) {
            check(!blamed.contains(peer.host), "a blamed peer takes part: " + peer.host);
        }
    }

    static void check(boolean holds, String otherwise) {
        if (!holds) {
            throw new AssertionError(otherwise);
        }
    }

    private void joined(SwarmEvent.Joined joined, long now, List<SwarmCommand> out) {
        if (blamed.contains(joined.host()) || joined.has().size() != have.size()) {
            out.add(new SwarmCommand.Blame(joined.peer()));
            return;
        }
        left(joined.peer(), now, out);
        Site site = peers.site(joined.site());
        long rank = Gateways.rank(place.image, joined.host());
        Peer peer = new Peer(joined, site, site == peers.here, rank);
        peer.creditAt = now;
        peer.restUntil = now;
        peers.add(peer);
        fetcher.joined(peer, out);
        for (int chunk = peer.has.next(0); chunk >= 0; chunk = peer.has.next(chunk + 1)) {
            server.gained(peer, chunk);
        }
    }

    private void left(int number, long now, List<SwarmCommand> out) {
        Peer peer = peers.get(number);
        if (peer == null) {
            return;
        }
        peers.remove(peer);
        for (int chunk = peer.has.next(0); chunk >= 0; chunk = peer.has.next(chunk + 1)) {
            server.lost(peer, chunk);
        }
        fetcher.left(peer, out);
        server.left(peer, now, out);
    }

    private void has(int number, int chunk) {
        Peer peer = peers.get(number);
        if (peer != null && chunk < have.size() && peer.has.set(chunk)) {
            fetcher.gained(peer, chunk);
            server.gained(peer, chunk);
        }
    }

    private void gone(int number, int chunk) {
        Peer peer = peers.get(number);
        if (peer == null || chunk >= have.size()) {
            return;
        }
        fetcher.gateways().disclaimed(peer, chunk);
        if (peer.has.clear(chunk)) {
            fetcher.lost(peer, chunk);
            server.lost(peer, chunk);
        }
    }

    private void blame(int number, long now, List<SwarmCommand> out) {
        Peer peer = peers.get(number);
        if (peer == null) {
            return;
        }
        left(number, now, out);
        if (blamed.add(peer.host)) {
            out.add(new SwarmCommand.Blame(number));
        }
        long right = peers.all().stream().filter(each -> each.proven).count();
        if (!suspect && blamed.size() >= Limits.SUSPECT_PEERS && blamed.size() >= Limits.SUSPECT_TIMES * right) {
            suspect = true;
            out.add(new SwarmCommand.Suspect(blamed.size()));
        }
    }

    private void kept(int chunk, List<SwarmCommand> out) {
        if (!have.set(chunk)) {
            return;
        }
        fetcher.kept(chunk, out);
        out.add(new SwarmCommand.Announce(chunk));
        if (have.isFull()) {
            out.add(new SwarmCommand.Complete());
        }
    }

    private void lost(int chunk, List<SwarmCommand> out) {
        if (have.clear(chunk)) {
            fetcher.lacking(chunk);
            out.add(new SwarmCommand.Withdraw(chunk));
        }
    }
}
