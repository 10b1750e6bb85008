package dev.muster.agent.swarm;

import java.time.Duration;

/// What bounds a swarm.
///
/// @param chunksInFlight how many chunks may be under way at once, and so how much memory is used, 1 MiB each
/// @param requestsPerPeer how many chunks one peer may owe
/// @param servesPerPeer how many requests of one peer may wait here; more are refused as busy
/// @param serves how many requests of all peers may wait here
/// @param stall a request without a new frame for so long is taken away from its peer
/// @param patience how long peers that still fetch may be busy before a source is asked for what they have
public record Limits(
        int chunksInFlight, int requestsPerPeer, int servesPerPeer, int serves, Duration stall, Duration patience) {
    /// 16 MiB under way, which is 100 ms of a 1 Gbit/s link and more.
    public static final Limits DEFAULT = new Limits(16, 6, 12, 64, Duration.ofSeconds(8), Duration.ofSeconds(2));

    /// How many chunks of its own choosing a source may owe.
    static final int CREDITS_PER_SOURCE = 3;

    /// A source that has nothing new is granted credit again after so long, in case the only other holder is gone.
    static final Duration CREDIT_AGAIN = Duration.ofMillis(500);

    /// A refused or stalled peer is left alone for so long.
    static final Duration REST = Duration.ofSeconds(2);

    /// A second peer is asked for a chunk only when the first has had it for so long.
    static final Duration END_GAME = Duration.ofMillis(500);

    public Limits {
        if (chunksInFlight < 1 || requestsPerPeer < 1 || servesPerPeer < 1 || serves < 1) {
            throw new IllegalArgumentException("every limit is at least 1");
        }
    }
}
