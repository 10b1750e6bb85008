package dev.muster.agent.swarm;

import java.util.List;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// Chooses whom to ask next, and for what. First the peer: by chance, one that was fast and owes little
/// more likely than one that was slow or owes much. Then, of what it has and is not under way, the rarest.
final class Picker {
    /// How many of the rarest chunks are looked at for one that a peer has.
    private static final int LOOKED_AT = 4096;

    private static final int NONE = -1;

    private final Limits limits;
    private final Table table;
    private final Rarity rarity;
    private final Pace pace;
    private final RandomGenerator chance;

    Picker(Limits limits, Table table, Rarity rarity, Pace pace, RandomGenerator chance) {
        this.limits = limits;
        this.table = table;
        this.rarity = rarity;
        this.pace = pace;
        this.chance = chance;
    }

    /// What to ask of whom.
    record Pick(Peer peer, int chunk) {}

    /// The next pick among peers whose copies are counted, or null.
    @Nullable
    Pick next(List<Peer> peers, Predicate<Peer> may, long now) {
        while (true) {
            Peer peer = idlest(peers, each -> each.barren != table.state() && may.test(each), now);
            if (peer == null) {
                return null;
            }
            int chunk = rarest(peer);
            if (chunk != NONE) {
                return new Pick(peer, chunk);
            }
            peer.barren = table.state();
        }
    }

    /// The idle peer to ask for a chunk, or null.
    @Nullable
    Peer holder(int chunk, List<Peer> peers, Predicate<Peer> may, long now) {
        return idlest(peers, peer -> peer.has.get(chunk) && may.test(peer), now);
    }

    boolean isIdle(Peer peer, long now) {
        return !peer.isResting(now) && peer.owed + peer.credits < quota(peer);
    }

    /// As many chunks as are on the way while an answer is, and one more.
    private int quota(Peer peer) {
        boolean known = peer.responseNanos != Long.MAX_VALUE;
        double onTheWay = known ? peer.rate * peer.responseNanos / table.chunkBytes() : 0;
        return (int) Math.clamp(2 + onTheWay, 1, limits.requestsPerPeer());
    }

    private @Nullable Peer idlest(List<Peer> peers, Predicate<Peer> may, long now) {
        Peer chosen = null;
        double weights = 0;
        for (int i = 0; i < peers.size(); i++) {
            Peer peer = peers.get(i);
            if (isIdle(peer, now) && may.test(peer)) {
                double weight = peer.weight(pace.peerRate());
                weights += weight;
                if (chance.nextDouble() * weights < weight) {
                    chosen = peer;
                }
            }
        }
        return chosen;
    }

    private int rarest(Peer peer) {
        int first = rarity.withoutCopies();
        int end = Math.min(rarity.wanted(), first + LOOKED_AT);
        for (int rank = first; rank < end; rank++) {
            int chunk = rarity.at(rank);
            if (peer.has.get(chunk) && !table.isUnderWay(chunk)) {
                return chunk;
            }
        }
        return NONE;
    }
}
