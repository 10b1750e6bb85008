package dev.muster.agent.swarm;

import dev.muster.protocol.wire.Bitfield;
import java.time.Duration;
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
///    as long as it waits for it. A claim that is not repeated is forgotten, and so is one that lasts too long. Each
///    gateway first takes the chunks that fall to it, then those that others have left for a while.
/// 3. A site with a source, or else the one that is ahead of all, is an origin. For each chunk one of the
///    other sites is the entry: only that takes it from an origin; the rest take it from a site that got it
///    since.
/// 4. Who waits in vain goes further: gateways may take anything from anywhere, and after a longer wait every host may.
final class Gateways {
    static final int COUNT = 4;
    private static final int CLAIMS_MAX = 4096;

    private static final byte ENTRY = 1;
    private static final byte NO_ENTRY = 2;

    /// So long a chunk is left to each gateway to which it falls before this one.
    private static final Duration TURN = Duration.ofMillis(60);

    private final Peers peers;
    private final Table table;
    private final Bitfield have;
    private final long rank;
    private final Map<Integer, Claim> claims = new HashMap<>();
    private final List<Integer> fresh = new ArrayList<>();

    /// The site with a peer that has more chunks than any other's.
    private Site ahead;

    /// How many peers of origins have each chunk, and how many of other sites; empty before there is one.
    private short[] originCopies = {};

    private short[] otherCopies = {};

    /// Whether this site is the entry of each chunk, as far as that has been asked; empty when sites have changed.
    private byte[] entries = {};

    /// Since when each chunk has been open, 0 while it is not known to be; empty before there is one.
    private long[] openSince = {};

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
        this.ahead = peers.here;
    }

    /// Another gateway says that the chunk is on its way.
    ///
    /// @param until not after this, unless it is said again
    /// @param last not after this, however often it is said
    private record Claim(Peer peer, long until, long last) {
        boolean holds(long now) {
            return now - until < 0 && now - last < 0;
        }
    }

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

    private void membersChanged() {
        List<Peer> first = peers.near().stream()
                .filter(peer -> !peer.source)
                .sorted(Comparator.<Peer>comparingLong(peer -> peer.rank).reversed())
                .limit(COUNT)
                .toList();
        active = candidate && (first.size() < COUNT || first.getLast().rank < rank);
        others = active && first.size() == COUNT ? first.subList(0, COUNT - 1) : first;
        table.changed();
    }

    /// A peer of another site has a chunk more.
    void gained(Peer peer, int chunk) {
        held(peer, chunk, 1);
        int most = peer.has.cardinality();
        if (most > peer.site.most) {
            peer.site.most = most;
            if (most > ahead.most && peer.site != ahead) {
                ahead = peer.site;
                recount();
            }
        }
    }

    /// A peer of another site has a chunk less.
    void lost(Peer peer, int chunk) {
        held(peer, chunk, -1);
    }

    private void held(Peer peer, int chunk, int change) {
        if (originCopies.length == 0) {
            originCopies = new short[have.size()];
            otherCopies = new short[have.size()];
        }
        (isOrigin(peer.site) ? originCopies : otherCopies)[chunk] += (short) change;
    }

    /// Another site is an origin, or a source came or went.
    private void recount() {
        originCopies = new short[0];
        entries = new byte[0];
        for (Peer peer : peers.far()) {
            for (int chunk = peer.has.next(0); chunk >= 0; chunk = peer.has.next(chunk + 1)) {
                held(peer, chunk, 1);
            }
        }
        table.changed();
    }

    void joined(Peer peer) {
        if (!peer.near) {
            peer.site.most = Math.max(peer.site.most, peer.has.cardinality());
            ahead = peer.site.most > ahead.most ? peer.site : ahead;
            recount();
        }
        membersChanged();
    }

    void left(Peer peer) {
        if (!peer.near) {
            recount();
        }
        claims.values().removeIf(claim -> claim.peer == peer);
        membersChanged();
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
        Claim before = claims.get(chunk);
        long last = before != null && before.peer == peer ? before.last : now + Limits.CLAIM_LASTS.toNanos();
        if (openSince.length > 0) {
            openSince[chunk] = 0;
        }
        claims.put(chunk, new Claim(peer, now + Limits.CLAIM.toNanos(), last));
        Fetch mine = table.fetch(chunk);
        return mine != null && mine.isFar() && mine.isUntouched() && falls(chunk, peer.rank) > falls(chunk, rank);
    }

    void kept(int chunk) {
        claims.remove(chunk);
    }

    /// The peer is not fetching the chunk any more.
    void disclaimed(Peer peer, int chunk) {
        Claim claim = claims.get(chunk);
        if (claim != null && claim.peer == peer) {
            claims.remove(chunk);
            table.changed();
        }
    }

    /// Whether the chunk may be asked of other sites.
    ///
    /// @param outOfTurn whether waiting for other sites has been in vain
    boolean isOpen(int chunk, boolean outOfTurn, long now) {
        if (originCopies.length == 0 || originCopies[chunk] + otherCopies[chunk] == 0) {
            return false;
        }
        Claim claim = claims.get(chunk);
        if (claim != null && claim.holds(now)) {
            return false;
        }
        return outOfTurn || otherCopies[chunk] > 0 || isEntry(chunk);
    }

    /// Whether an open chunk may be asked of that peer.
    boolean may(int chunk, Peer peer, boolean outOfTurn) {
        if (outOfTurn || !isOrigin(peer.site)) {
            return true;
        }
        boolean othersFetch = peer.site.peers > peer.site.sources;
        return otherCopies[chunk] == 0 && !(peer.source && othersFetch);
    }

    boolean isFromOrigin(Fetch fetch) {
        return fetch.isFar() && isOrigin(fetch.asked.getFirst().peer.site);
    }

    boolean isOrigin(Site site) {
        return site == ahead || site.sources > 0;
    }

    /// From when on this gateway may take an open chunk. The one that it falls to may at once, the next a little later,
    /// so that they do not all ask for what everybody has waited for.
    long turn(int chunk, long now) {
        if (openSince.length == 0) {
            openSince = new long[have.size()];
        }
        openSince[chunk] = openSince[chunk] == 0 ? now : openSince[chunk];
        long own = falls(chunk, rank);
        int before = 0;
        for (Peer other : others) {
            before += falls(chunk, other.rank) > own ? 1 : 0;
        }
        return before == 0 ? now : openSince[chunk] + before * TURN.toNanos();
    }

    void asked(int chunk) {
        if (!others.isEmpty()) {
            fresh.add(chunk);
        }
    }

    /// The chunk is not on its way from another site after all.
    void dropped(int chunk, List<SwarmCommand> out) {
        if (!fresh.removeIf(each -> each == chunk)) {
            others.forEach(peer -> out.add(new SwarmCommand.Disclaim(peer.number, chunk)));
        }
    }

    /// Tells the others what was asked for since.
    void tell(List<SwarmCommand> out) {
        if (!fresh.isEmpty()) {
            claim(List.copyOf(fresh), out);
            fresh.clear();
        }
    }

    /// Tells the others again what is under way.
    void repeat(long now, List<SwarmCommand> out) {
        long often = Limits.CLAIM.toNanos() / 3;
        if (others.isEmpty() || now - claimedAt < often) {
            return;
        }
        claimedAt = now;
        List<Integer> under = table.fetches().stream()
                .filter(Fetch::isFar)
                .map(fetch -> fetch.chunk)
                .toList();
        if (!under.isEmpty()) {
            claim(under, out);
        }
    }

    private void claim(List<Integer> chunks, List<SwarmCommand> out) {
        others.forEach(peer -> out.add(new SwarmCommand.Claim(peer.number, chunks)));
    }

    /// Whether of the sites that are no origins this is the one that takes the chunk from there.
    private boolean isEntry(int chunk) {
        if (entries.length == 0) {
            entries = new byte[have.size()];
        }
        if (entries[chunk] == 0) {
            boolean here = true;
            for (Site site : peers.sites()) {
                here &= site.peers == 0
                        || isOrigin(site)
                        || falls(chunk, site.number) <= falls(chunk, peers.here.number);
            }
            entries[chunk] = here ? ENTRY : NO_ENTRY;
        }
        return entries[chunk] == ENTRY;
    }

    private static long falls(int chunk, long number) {
        return Rendezvous.score(chunk, number);
    }

    void checkInvariants() {
        for (int chunk : claims.keySet()) {
            Swarm.check(!have.get(chunk), "chunk " + chunk + " is here and claimed");
        }
        Swarm.check(others.size() <= COUNT, others.size() + " other gateways");
        boolean counted =
                Stream.concat(peers.near().stream(), peers.far().stream()).allMatch(peer -> peer.site.peers > 0);
        Swarm.check(counted, "peers of sites are miscounted");
    }
}
