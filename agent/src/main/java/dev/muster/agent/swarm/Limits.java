package dev.muster.agent.swarm;

import java.time.Duration;

/// What bounds a swarm.
///
/// @param chunksInFlight how many chunks may be under way at once, and so how much memory is used, 1 MiB each
/// @param requestsPerPeer how many chunks one peer may owe
/// @param servesPerPeer how many requests of one peer may wait here; more are refused as busy
/// @param serves how many requests of all peers may wait here, those of other sites counted apart
/// @param stall a request without a new frame for so long is taken away from its peer, whatever was usual before
/// @param patience how long nothing at all may come before a source is asked for what others have, and other sites are
///     asked out of turn
public record Limits(
        int chunksInFlight, int requestsPerPeer, int servesPerPeer, int serves, Duration stall, Duration patience) {
    /// 32 MiB under way, which is 250 ms of a 1 Gbit/s link.
    public static final Limits DEFAULT = new Limits(32, 8, 8, 2, Duration.ofSeconds(8), Duration.ofSeconds(2));

    /// How many chunks of its own choosing a source may owe.
    static final int CREDITS_PER_SOURCE = 2;

    /// How many sources are granted credit at once.
    static final int CREDITED_SOURCES = 4;

    /// How many requests are answered at once, for hosts of this site and for those of others.
    static final int SENDS = 2;

    static final int SENDS_FAR = 2;

    /// So many times as many requests of other sites may wait: few ask, each for a whole site.
    static final int SERVES_FAR_TIMES = 3;

    /// A source that has nothing new is granted credit again after so long, in case the only other holder is gone.
    static final Duration CREDIT_AGAIN = Duration.ofMillis(500);

    /// A peer that is busy is left alone for so long at most.
    static final Duration REST = Duration.ofSeconds(2);

    /// A peer that stalled is left alone for so long, and twice as long each time after.
    static final Duration STALLED_REST = Duration.ofMillis(500);

    static final int STALLED_REST_DOUBLINGS = 4;

    /// However fast peers are, one has so long for the next frame.
    static final Duration STALL_MIN = Duration.ofMillis(500);

    /// A claim of another gateway that is not repeated is forgotten after so long.
    static final Duration CLAIM = Duration.ofMillis(1_500);

    /// However often it is repeated, a claim keeps others away for no longer.
    static final Duration CLAIM_LASTS = Duration.ofSeconds(15);

    /// A chunk given for credit counts as spread for so long while nobody says that it has it.
    static final Duration PROMISE = Duration.ofSeconds(30);

    /// And when it has been sent, for so many times as long as that took, but for so long at least.
    static final int PROMISE_TIMES = 4;

    /// A receiver has to verify and keep it first, which takes a busy host a while.
    static final Duration PROMISE_MIN = Duration.ofSeconds(2);

    /// Ticks come oftener than that, or else this host was given no time to look at anything.
    static final Duration LAPSE = Duration.ofMillis(500);

    /// With so many peers that sent wrong bytes, and few that sent right ones, the memory of this host is the suspect.
    static final int SUSPECT_PEERS = 8;

    static final int SUSPECT_TIMES = 3;

    /// A peer may send so many frames that were not asked for, beyond those that were taken back; then it floods.
    static final int UNASKED_FRAMES = 64;

    public Limits {
        if (chunksInFlight < 1 || requestsPerPeer < 1 || servesPerPeer < 1 || serves < 1) {
            throw new IllegalArgumentException("every limit is at least 1");
        }
    }
}
