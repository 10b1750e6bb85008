package dev.muster.agent.swarm;

import dev.muster.protocol.content.ChunkEntry;
import dev.muster.protocol.wire.Bitfield;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
/// are
///    under way in all.
/// 3. A chunk counts as here only after [SwarmEvent.Kept]; until then it can be lost without harm.
/// 4. A peer that sent wrong bytes is asked for nothing more and given nothing more.
///
/// Not safe for threads; one owner.
public final class Swarm {
    private final Bitfield have;
    private final Map<String, Peer> peers = new LinkedHashMap<>();
    private final Set<String> blamed = new HashSet<>();
    private final Fetcher fetcher;
    private final Server server;

    /// @param chunks the manifest's chunk table
    /// @param have which of them are here; copied
    /// @param chance decides between equals; the same seed and events give the same commands
    public Swarm(List<ChunkEntry> chunks, Bitfield have, Limits limits, RandomGenerator chance) {
        if (have.size() != chunks.size()) {
            throw new IllegalArgumentException(have.size() + " bits for " + chunks.size() + " chunks");
        }
        this.have = have.copy();
        this.fetcher = new Fetcher(chunks, this.have, peers, limits, chance);
        this.server = new Server(this.have, peers, limits, chance);
    }

    /// The chunks that are here; the caller must not change it.
    public Bitfield have() {
        return have;
    }

    /// Whether any peer has said that it has a chunk.
    public boolean isHeldByOthers(int chunk) {
        return peers.values().stream().anyMatch(peer -> peer.has.get(chunk));
    }

    public boolean isComplete() {
        return have.isFull();
    }

    /// What to do, in this order, now that this happened. What to ask for besides says [#fill].
    ///
    /// @param now nanoseconds of any clock that never goes back
    public List<SwarmCommand> on(SwarmEvent event, long now) {
        List<SwarmCommand> out = new ArrayList<>();
        switch (event) {
            case SwarmEvent.Joined(String peer, Bitfield has) -> joined(peer, has, now, out);
            case SwarmEvent.Left(String peer) -> left(peer, now);
            case SwarmEvent.Has(String peer, int chunk) -> has(peer, chunk);
            case SwarmEvent.Gone(String peer, int chunk) -> gone(peer, chunk);
            case SwarmEvent.Named(String peer, int request, int chunk) -> fetcher.named(peer, request, chunk, now, out);
            case SwarmEvent.Verified(String peer, int request, int frame) ->
                fetcher.verified(peer, request, frame, now, out);
            case SwarmEvent.Wrong(String peer, int _) -> blame(peer, now, out);
            case SwarmEvent.Refused(String peer, int request, SwarmCommand.Refusal why) ->
                fetcher.refused(peer, request, why, now);
            case SwarmEvent.Kept(int chunk) -> kept(chunk, out);
            case SwarmEvent.Lost(int chunk) -> lost(chunk, out);
            case SwarmEvent.Asked(String peer, int request, int chunk, int frames, boolean header) ->
                server.asked(peer, request, chunk, frames, header, out);
            case SwarmEvent.Credited(String peer, int request) -> server.credited(peer, request, now, out);
            case SwarmEvent.Cancelled(String peer, int request) -> server.done(peer, request);
            case SwarmEvent.Sent(String peer, int request) -> server.done(peer, request);
            case SwarmEvent.Tick() -> {
                fetcher.stalled(now, out);
                server.expire(now);
            }
        }
        return out;
    }

    /// What to ask for now: to be called after one event, or after a batch of them.
    public List<SwarmCommand> fill(long now) {
        List<SwarmCommand> out = new ArrayList<>();
        fetcher.fill(now, out);
        return out;
    }

    /// @throws AssertionError if a promise of this class is broken
    public void checkInvariants() {
        fetcher.checkInvariants();
        server.checkInvariants();
        for (String peer : blamed) {
            check(!peers.containsKey(peer), "a blamed peer takes part: " + peer);
        }
    }

    static void check(boolean holds, String otherwise) {
        if (!holds) {
            throw new AssertionError(otherwise);
        }
    }

    private void joined(String id, Bitfield has, long now, List<SwarmCommand> out) {
        if (blamed.contains(id) || has.size() != have.size()) {
            out.add(new SwarmCommand.Blame(id));
            return;
        }
        left(id, now);
        Peer peer = new Peer(id, has);
        peer.creditAt = now;
        peer.restUntil = now;
        peers.put(id, peer);
        for (int chunk = has.next(0); chunk >= 0; chunk = has.next(chunk + 1)) {
            fetcher.gained(chunk);
            server.gained(peer, chunk);
        }
    }

    private void left(String id, long now) {
        Peer peer = peers.remove(id);
        if (peer == null) {
            return;
        }
        for (int chunk = peer.has.next(0); chunk >= 0; chunk = peer.has.next(chunk + 1)) {
            fetcher.lost(chunk);
            server.lost(peer, chunk);
        }
        fetcher.left(peer, now);
        server.left(peer);
    }

    private void has(String id, int chunk) {
        Peer peer = peers.get(id);
        if (peer != null && chunk < have.size() && !peer.has.get(chunk)) {
            peer.has.set(chunk);
            fetcher.gained(chunk);
            server.gained(peer, chunk);
        }
    }

    private void gone(String id, int chunk) {
        Peer peer = peers.get(id);
        if (peer != null && chunk < have.size() && peer.has.get(chunk)) {
            peer.has.clear(chunk);
            fetcher.lost(chunk);
            server.lost(peer, chunk);
        }
    }

    private void blame(String id, long now, List<SwarmCommand> out) {
        left(id, now);
        if (blamed.add(id)) {
            out.add(new SwarmCommand.Blame(id));
        }
    }

    private void kept(int chunk, List<SwarmCommand> out) {
        if (have.get(chunk)) {
            return;
        }
        have.set(chunk);
        fetcher.kept(chunk, out);
        out.add(new SwarmCommand.Announce(chunk));
        if (have.isFull()) {
            out.add(new SwarmCommand.Complete());
        }
    }

    private void lost(int chunk, List<SwarmCommand> out) {
        if (have.get(chunk)) {
            have.clear(chunk);
            fetcher.lacking(chunk);
            out.add(new SwarmCommand.Withdraw(chunk));
        }
    }
}
