package dev.muster.agent.swarm;

/// What a swarm wants done.
public sealed interface SwarmCommand {
    /// Ask a peer for frames of a chunk; the header too, if no frame of it has come yet.
    ///
    /// @param frames bit i is set if frame i is wanted
    record Ask(String peer, int request, int chunk, int frames) implements SwarmCommand {}

    /// Grant a source credit for any one chunk that is lacking here.
    record Grant(String peer, int request) implements SwarmCommand {}

    /// Tell a peer that an earlier request is not wanted any more.
    record Cancel(String peer, int request) implements SwarmCommand {}

    /// Give up the frames that came of a chunk: nobody is left who has the rest.
    record Forget(int chunk) implements SwarmCommand {}

    /// Tell every peer that a chunk is here.
    record Announce(int chunk) implements SwarmCommand {}

    /// Tell every peer that a chunk is here no longer.
    record Withdraw(int chunk) implements SwarmCommand {}

    /// Send what a peer asked for, then say [SwarmEvent.Sent].
    record Send(String peer, int request, int chunk, int frames, boolean header) implements SwarmCommand {}

    /// Refuse what a peer asked for.
    record Refuse(String peer, int request, Refusal why) implements SwarmCommand {}

    /// A peer sent wrong bytes: close the connection, remember it, report it.
    record Blame(String peer) implements SwarmCommand {}

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
