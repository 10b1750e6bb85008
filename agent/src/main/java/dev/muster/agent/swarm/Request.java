package dev.muster.agent.swarm;

import org.jspecify.annotations.Nullable;

/// Something asked of a peer: a chunk by name, or credit for any.
final class Request {
    final int id;
    final Peer peer;
    final boolean credit;

    /// When it was asked, or the credit answered with a name: it may have waited for long before.
    long asked;

    /// When something last came of it.
    long progress;

    /// For how long since then this host did not look.
    long excused;

    /// Whether anything came of it.
    boolean answered;

    /// None while a credit has not been answered with a name.
    @Nullable
    Fetch fetch;

    Request(int id, Peer peer, @Nullable Fetch fetch, long now) {
        this.id = id;
        this.peer = peer;
        this.credit = fetch == null;
        this.fetch = fetch;
        this.asked = now;
        this.progress = now;
    }
}
