package dev.muster.agent.swarm;

import dev.muster.protocol.wire.Bitfield;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// What this host may fetch from other sites. Nobody leads: every host works it out by [Rendezvous] from the peers that
/// it sees, and small disagreements cost a copy.
///
/// 1. A site has [#COUNT] gateways, those of its hosts that score highest for the image.
/// 2. A chunk that no host of the site has is fetched by one of them, which tells the others by a claim and repeats it
///    as long as something comes. A claim that is not repeated is forgotten. Each gateway first takes the chunks that
///    fall to it, then those of others that nobody has claimed.
/// 3. Each chunk has an entry site, one of those without a source. Only that takes it from a site with a source; the
///    others take it from any site that got it since.
/// 4. Who waits in vain goes further: gateways may take anything from anywhere, and after a longer wait every host may.
final class Gateways {
    static final int COUNT = 4;
    private static final int CLAIMS_MAX = 4096;

    private final Peers peers;
    private final Table table;
    private final Bitfield have;
    private final long rank;
    private final Map<Integer, Claim> claims = new HashMap<>();
    private final List<Integer> fresh = new ArrayList<>();
    private boolean candidate = true;

    /// The other gateways of this site, and whether this host is one.
    private List<Peer> others = List.of();

    private boolean active;
    private long claimedAt;

    Gateways(Peers peers, Table table, Bitfield have, long rank) {
        this.peers = peers;
        this.table = table;
        this.have = have;
        this.rank = rank;
    }

    /// Another gateway says that the chunk is on its way.
    private record Claim(Peer peer, long until) {}

    /// How a host scores as a gateway for an image.
    static long rank(long image, String host) {
        return Rendezvous.score(image, Rendezvous.of(host));
    }

    boolean isActive() {
        return active;
    }

    void candidate(boolean is) {
        candidate = is;
        membersChanged();
    }

    void membersChanged() {
        List<Peer> first = peers.near().stream()
                .filter(peer -> !peer.source)
                .sorted(Comparator.<Peer>comparingLong(peer -> peer.rank).reversed())
                .limit(COUNT)
                .toList();
        active = candidate && (first.size() < COUNT || first.getLast().rank < rank);
        others = active && first.size() == COUNT ? first.subList(0, COUNT - 1) : first;
        table.changed();
    }

    void left(Peer peer) {
        claims.values().removeIf(claim -> claim.peer == peer);
        table.changed();
    }

    void expire(long now) {
        if (claims.values().removeIf(claim -> now - claim.until >= 0)) {
            table.changed();
        }
    }

    /// @return whether this host's own request for the chunk should give way
    boolean claimed(Peer peer, int chunk, long now) {
        if (!peer.near || have.get(chunk) || (claims.size() >= CLAIMS_MAX && !claims.containsKey(chunk))) {
            return false;
        }
        claims.put(chunk, new Claim(peer, now + Limits.CLAIM.toNanos()));
        Fetch mine = table.fetch(chunk);
        return mine != null && mine.isFar() && mine.isUntouched() && falls(chunk, peer.rank) > falls(chunk, rank);
    }

    void kept(int chunk) {
        claims.remove(chunk);
    }

    /// Whether the chunk may be asked of a peer of another site.
    ///
    /// @param outOfTurn whether waiting for other sites has been in vain
    boolean may(int chunk, Peer peer, boolean outOfTurn) {
        if (claims.containsKey(chunk)) {
            return false;
        }
        if (outOfTurn || !peer.site.isOrigin()) {
            return true;
        }
        boolean others = peer.site.peers > peer.site.sources;
        return !(peer.source && others) && entry(chunk) == peers.here;
    }

    /// Whether the chunk falls to this gateway before the others.
    boolean isOwn(int chunk) {
        long own = falls(chunk, rank);
        for (Peer other : others) {
            if (falls(chunk, other.rank) > own) {
                return false;
            }
        }
        return true;
    }

    void asked(int chunk) {
        if (!others.isEmpty()) {
            fresh.add(chunk);
        }
    }

    /// Tells the others what was asked for since.
    void tell(List<SwarmCommand> out) {
        if (!fresh.isEmpty()) {
            claim(List.copyOf(fresh), out);
            fresh.clear();
        }
    }

    /// Tells the others again what something came of lately.
    void repeat(long now, List<SwarmCommand> out) {
        long often = Limits.CLAIM.toNanos() / 3;
        if (others.isEmpty() || now - claimedAt < often) {
            return;
        }
        claimedAt = now;
        List<Integer> moving = table.fetches().stream()
                .filter(fetch -> fetch.isFar() && now - fetch.asked.getFirst().progress < often)
                .map(fetch -> fetch.chunk)
                .toList();
        if (!moving.isEmpty()) {
            claim(moving, out);
        }
    }

    private void claim(List<Integer> chunks, List<SwarmCommand> out) {
        others.forEach(peer -> out.add(new SwarmCommand.Claim(peer.number, chunks)));
    }

    /// Of the sites without a source, the one that takes the chunk from a site with one.
    private Site entry(int chunk) {
        return peers.sites().stream()
                .filter(site -> site == peers.here || (site.peers > 0 && !site.isOrigin()))
                .max(Comparator.comparingLong(site -> falls(chunk, site.number)))
                .orElse(peers.here);
    }

    private static long falls(int chunk, long number) {
        return Rendezvous.score(chunk, number);
    }

    void checkInvariants() {
        for (int chunk : claims.keySet()) {
            Swarm.check(!have.get(chunk), "chunk " + chunk + " is here and claimed");
        }
        Swarm.check(others.size() <= COUNT, others.size() + " other gateways");
        Swarm.check(Stream.concat(peers.near().stream(), peers.far().stream()).allMatch(p -> p.site.peers > 0), "peers of sites");
    }
}
