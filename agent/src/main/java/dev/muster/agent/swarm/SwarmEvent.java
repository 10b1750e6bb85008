package dev.muster.agent.swarm;

import dev.muster.protocol.wire.Bitfield;

/// Something that happened to a swarm. Peers are named by a small number that the caller gives each, requests by a
/// number of the one who asks.
public sealed interface SwarmEvent {
    /// A peer takes part, with what it has. Said again, it replaces what was known.
    ///
    /// @param host its id
    record Joined(int peer, String host, String site, Bitfield has) implements SwarmEvent {}

    /// A peer takes part no longer: it left, or its connection is gone. Its number may be given to another.
    record Left(int peer) implements SwarmEvent {}

    /// A peer has one more chunk.
    record Has(int peer, int chunk) implements SwarmEvent {}

    /// A peer has a chunk no longer, or is not fetching it any more.
    record Gone(int peer, int chunk) implements SwarmEvent {}

    /// A gateway of this site is fetching a chunk from another site, and something of it came lately.
    record Claimed(int peer, int chunk) implements SwarmEvent {}

    /// A source says which chunk it sends for a credit.
    record Named(int peer, int request, int chunk) implements SwarmEvent {}

    /// Frames came and every block of them is right.
    ///
    /// @param frames bit i is set if frame i came
    record Verified(int peer, int request, int frames) implements SwarmEvent {}

    /// A peer sent bytes under a wrong name.
    record Wrong(int peer, int request) implements SwarmEvent {}

    /// A frame came that is not asked for, or not any more.
    record Unasked(int peer) implements SwarmEvent {}

    /// A peer will not send what was asked. That the chunk is not there is said by [Gone] besides.
    ///
    /// @param retryMillis when asking again may do better, or 0
    record Refused(int peer, int request, SwarmCommand.Refusal why, int retryMillis) implements SwarmEvent {}

    /// A chunk is here, verified whole, however it came.
    record Kept(int chunk) implements SwarmEvent {}

    /// A chunk is here no longer.
    record Lost(int chunk) implements SwarmEvent {}

    /// A peer asks for frames of a chunk.
    ///
    /// @param frames bit i is set if frame i is wanted
    record Asked(int peer, int request, int chunk, int frames, boolean header) implements SwarmEvent {}

    /// A peer grants credit for any one chunk that it lacks.
    record Credited(int peer, int request) implements SwarmEvent {}

    /// A peer no longer wants what it asked for.
    record Cancelled(int peer, int request) implements SwarmEvent {}

    /// What [SwarmCommand.Send] ordered has left this host, or cannot be sent.
    record Sent(int peer, int request) implements SwarmEvent {}

    /// Whether this host is among those that may be gateways of its site; see [Graph#candidates]. Until it is said, it
    /// may.
    record Candidate(boolean is) implements SwarmEvent {}

    /// Time has passed; to be given a few times a second.
    record Tick() implements SwarmEvent {}
}
