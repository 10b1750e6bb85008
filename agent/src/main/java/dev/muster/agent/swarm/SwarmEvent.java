package dev.muster.agent.swarm;

import dev.muster.protocol.wire.Bitfield;

/// Something that happened to a swarm. Peers are named by their host id, requests by a number of the one who asks.
public sealed interface SwarmEvent {
    /// A peer takes part, with what it has. Said again, it replaces what was known.
    record Joined(String peer, Bitfield has) implements SwarmEvent {}

    /// A peer takes part no longer: it left, or its connection is gone.
    record Left(String peer) implements SwarmEvent {}

    /// A peer has one more chunk.
    record Has(String peer, int chunk) implements SwarmEvent {}

    /// A peer has a chunk no longer.
    record Gone(String peer, int chunk) implements SwarmEvent {}

    /// A source says which chunk it sends for a credit.
    record Named(String peer, int request, int chunk) implements SwarmEvent {}

    /// A frame came and every block of it is right.
    record Verified(String peer, int request, int frame) implements SwarmEvent {}

    /// A peer sent bytes under a wrong name.
    record Wrong(String peer, int request) implements SwarmEvent {}

    /// A peer will not send what was asked. That the chunk is not there is said by [Gone] besides.
    record Refused(String peer, int request, SwarmCommand.Refusal why) implements SwarmEvent {}

    /// A chunk is here, verified whole, however it came.
    record Kept(int chunk) implements SwarmEvent {}

    /// A chunk is here no longer.
    record Lost(int chunk) implements SwarmEvent {}

    /// A peer asks for frames of a chunk.
    ///
    /// @param frames bit i is set if frame i is wanted
    record Asked(String peer, int request, int chunk, int frames, boolean header) implements SwarmEvent {}

    /// A peer grants credit for any one chunk that it lacks.
    record Credited(String peer, int request) implements SwarmEvent {}

    /// A peer no longer wants what it asked for.
    record Cancelled(String peer, int request) implements SwarmEvent {}

    /// What [SwarmCommand.Send] ordered has left this host, or cannot be sent.
    record Sent(String peer, int request) implements SwarmEvent {}

    /// Time has passed; to be given a few times a second.
    record Tick() implements SwarmEvent {}
}
