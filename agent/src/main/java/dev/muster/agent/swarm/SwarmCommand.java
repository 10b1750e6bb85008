package dev.muster.agent.swarm;

import java.util.List;

/// What a swarm wants done.
public sealed interface SwarmCommand {
    /// Ask a peer for frames of a chunk; the header too, if no frame of it has come yet.
    ///
    /// @param frames bit i is set if frame i is wanted
    record Ask(int peer, int request, int chunk, int frames) implements SwarmCommand {}

    /// Grant a source credit for any one chunk that is lacking here.
    record Grant(int peer, int request) implements SwarmCommand {}

    /// Tell a peer that an earlier request is not wanted any more.
    record Cancel(int peer, int request) implements SwarmCommand {}

    /// Tell another gateway of this site that these chunks are on their way from other sites.
    record Claim(int peer, List<Integer> chunks) implements SwarmCommand {}

    /// Tell another gateway of this site that a chunk is not on its way after all.
    record Disclaim(int peer, int chunk) implements SwarmCommand {}

    /// Give up the frames that came of a chunk: nobody is left who has the rest.
    record Forget(int chunk) implements SwarmCommand {}

    /// Tell every peer that a chunk is here.
    record Announce(int chunk) implements SwarmCommand {}

    /// Tell every peer that a chunk is here no longer.
    record Withdraw(int chunk) implements SwarmCommand {}

    /// Send what a peer asked for, then say [SwarmEvent.Sent].
    ///
    /// @param sole whether no peer is known to have the chunk
    record Send(int peer, int request, int chunk, int frames, boolean header, boolean sole) implements SwarmCommand {}

    /// Refuse what a peer asked for.
    ///
    /// @param retryMillis when asking again may do better, or 0
    record Refuse(int peer, int request, Refusal why, int retryMillis) implements SwarmCommand {}

    /// A peer sent wrong bytes, or far more than was asked for: close the connection, remember it, report it.
    record Blame(int peer) implements SwarmCommand {}

    /// So many peers sent wrong bytes that this host's own memory is the likelier cause: stop, and say so.
    record Suspect(int peers) implements SwarmCommand {}

    /// Every chunk is here.
    record Complete() implements SwarmCommand {}

    /// Why a request is refused.
    enum Refusal {
        /// The chunk is not, or no longer, here.
        NOT_HERE,
        /// As much waits here as may.
        BUSY,
        /// To a credit: every chunk that the asker lacks has a copy besides the source's.
        NOTHING_NEW
    }
}
