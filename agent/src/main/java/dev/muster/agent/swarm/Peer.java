package dev.muster.agent.swarm;

import dev.muster.protocol.wire.Bitfield;
import java.time.Duration;

/// What is known of a peer in one swarm. Owned by [Swarm]; the parts of it read and write what is theirs.
final class Peer {
    /// How much the newest of what was observed counts.
    private static final double NEWEST = 0.3;

    private static final double WEIGHT_MIN = 1e-6;

    final int number;
    final String host;
    final Site site;

    /// Whether it is of this host's site.
    final boolean near;

    /// It had the whole image when it joined, so it is not fetching and its copies are no sign of spread.
    final boolean source;

    final Bitfield has;

    /// Its score as a gateway; see [Gateways].
    final long rank;

    /// Its copies are counted. They are not while it is left alone for stalling.
    boolean counted;

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

    /// How often it stalled since it last sent a chunk.
    int stalls;

    /// Whether it ever sent a right frame.
    boolean proven;

    /// Frames that came from it unasked, less those that may have been on their way.
    int unasked;

    /// There was nothing to ask it for in this state of what is under way; see [Table#state].
    long barren;

    /// Bytes a nanosecond of its latest requests, 0 before the first.
    double rate;

    /// From asking to the first answer, when it owed nothing before: the least there was.
    long responseNanos = Long.MAX_VALUE;

    /// Requests of its own that wait here.
    int waiting;

    Peer(SwarmEvent.Joined joined, Site site, boolean near, long rank) {
        this.number = joined.peer();
        this.host = joined.host();
        this.site = site;
        this.near = near;
        this.has = joined.has().copy();
        this.source = has.isFull();
        this.rank = rank;
    }

    boolean isResting(long now) {
        return now - restUntil < 0;
    }

    /// To be left alone from now on.
    void rest(long now, Duration time) {
        restUntil = Math.max(restUntil, now + time.toNanos());
    }

    void completed(long bytes, long nanos) {
        double seen = bytes / (double) Math.max(1, nanos);
        rate = rate == 0 ? seen : rate + NEWEST * (seen - rate);
        stalls = 0;
    }

    /// How much it is worth to ask this peer rather than another.
    ///
    /// @param usual the rate of one that is not known yet
    double weight(double usual) {
        double known = rate == 0 ? usual : rate;
        return Math.max(WEIGHT_MIN, known) / ((1 + owed) * (1 + owed));
    }
}
