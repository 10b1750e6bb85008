package dev.muster.agent.swarm;

import org.jspecify.annotations.Nullable;

/// What this host, as a gateway, asks of other sites next: see [Gateways].
///
/// What comes from origins and what comes from other sites is counted apart: what waits for the one busy link of an
/// origin must not keep this host from what idle links could bring.
final class Imports {
    /// For so many chunks a peer that is not busy is looked for.
    private static final int TRIED = 32;

    private final Peers peers;
    private final Table table;
    private final Rarity rarity;
    private final Pace pace;
    private final Picker picker;
    private final Gateways gateways;

    /// There was nothing to ask for in this state of what is under way, and there will not be before [#wakeAt].
    private long barren;

    private long wakeAt;

    Imports(Peers peers, Table table, Rarity rarity, Pace pace, Picker picker, Gateways gateways) {
        this.peers = peers;
        this.table = table;
        this.rarity = rarity;
        this.pace = pace;
        this.picker = picker;
        this.gateways = gateways;
    }

    /// A peer of another site has a chunk more.
    void gained(int chunk) {
        barren = rarity.copies(chunk) == 0 && rarity.isWanted(chunk) ? 0 : barren;
    }

    /// When there may be something to ask for though nothing happens.
    long wakeAt() {
        return wakeAt;
    }

    /// The next pick, or null.
    ///
    /// @param outOfTurn whether waiting for other sites has been in vain
    Picker.@Nullable Pick next(boolean outOfTurn, long now) {
        if (barren == table.state() && now - wakeAt < 0) {
            return null;
        }
        wakeAt = Long.MAX_VALUE;
        int window = pace.farWindow(table.chunkBytes());
        int ofOrigins =
                (int) table.fetches().stream().filter(gateways::isFromOrigin).count();
        boolean origins = ofOrigins < window;
        boolean others = table.far() - ofOrigins < window;
        if (!origins && !others) {
            return null;
        }
        Turn turn = new Turn(origins, others, outOfTurn, now);
        Picker.Pick pick = pick(turn);
        if (pick == null) {
            barren = table.state();
            for (Peer peer : peers.far()) {
                wakeAt = peer.isResting(now) ? Math.min(wakeAt, peer.restUntil) : wakeAt;
            }
        }
        return pick;
    }

    /// Of whom may be asked now, and whether out of turn.
    private record Turn(boolean origins, boolean others, boolean out, long now) {}

    /// A chunk that falls to this gateway, or else another that has been left to the one that it falls to.
    private Picker.@Nullable Pick pick(Turn turn) {
        int end = turn.out ? rarity.wanted() : rarity.withoutCopies();
        Picker.Pick other = null;
        int tried = 0;
        for (int rank = 0; rank < end && tried < TRIED; rank++) {
            int chunk = rarity.at(rank);
            if (table.isUnderWay(chunk) || !gateways.isOpen(chunk, turn.out, turn.now)) {
                continue;
            }
            long from = gateways.turn(chunk, turn.now);
            boolean own = from == turn.now;
            if (turn.now - from < 0) {
                wakeAt = Math.min(wakeAt, from);
            } else if (own || other == null) {
                tried++;
                Picker.Pick pick = pick(chunk, turn);
                if (own && pick != null) {
                    return pick;
                }
                other = other == null ? pick : other;
            }
        }
        return other;
    }

    private Picker.@Nullable Pick pick(int chunk, Turn turn) {
        Peer found = picker.holder(
                chunk,
                peers.far(),
                peer -> (gateways.isOrigin(peer.site) ? turn.origins : turn.others)
                        && gateways.may(chunk, peer, turn.out),
                turn.now);
        return found == null ? null : new Picker.Pick(found, chunk);
    }
}
