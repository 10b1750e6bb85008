package dev.muster.agent.swarm;

import dev.muster.protocol.wire.Bitfield;

/// What is known of a peer in one swarm. Owned by [Swarm]; [Fetcher] and [Server] read and write their parts.
final class Peer {
    final String id;

    /// It had the whole image when it joined, so it is not fetching and its copies are no sign of spread.
    final boolean source;

    final Bitfield has;

    /// Requests by name that it has not answered in full.
    int owed;

    /// Credits that it has not answered with the name of a chunk.
    int credits;

    /// It said that there is nothing left that only sources have.
    boolean nothingNew;

    /// No credit before this time.
    long creditAt;

    /// It refused or stalled and is left alone until then.
    long restUntil;

    /// Requests of its own that wait here.
    int waiting;

    Peer(String id, Bitfield has) {
        this.id = id;
        this.has = has.copy();
        this.source = has.isFull();
    }

    boolean isResting(long now) {
        return now - restUntil < 0;
    }
}
