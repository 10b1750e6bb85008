package dev.muster.agent.swarm;

/// How fast things usually come, and what follows from that: how much to have under way, how long is too long.
final class Pace {
    private static final double NEWEST = 0.2;

    /// A frame may take so many times as long as a whole chunk usually does, with its waiting.
    private static final int STALL_TIMES = 6;

    /// A chunk may take so many times as long as a frame.
    private static final int AGE_TIMES = 4;

    /// Nothing at all may come for so many times as long as a chunk usually takes.
    private static final int PATIENCE_TIMES = 8;

    /// Near the end a chunk is late after so many times as long as one usually takes.
    private static final int LATE_TIMES = 2;

    private static final long LATE_NANOS_MIN = 10_000_000;

    private final Limits limits;

    /// Of one peer, in bytes a nanosecond.
    private double peerRate;

    /// The least from asking to the first answer, and what all peers bring: apart for this site and the others.
    private final Flow near = new Flow();

    private final Flow far = new Flow();

    /// When something right last came.
    private long progress;

    Pace(Limits limits) {
        this.limits = limits;
    }

    /// What comes from one side.
    private static final class Flow {
        private static final long WINDOW_NANOS = 200_000_000;

        /// From asking to having, of a chunk; 0 before the first.
        double chunkNanos;

        long responseNanos = Long.MAX_VALUE;
        double rate;
        private long since;
        private long bytes;

        void took(double nanos) {
            chunkNanos = chunkNanos == 0 ? nanos : chunkNanos + NEWEST * (nanos - chunkNanos);
        }

        void came(long more, long now) {
            bytes += more;
            long span = now - since;
            if (span >= WINDOW_NANOS) {
                rate = span < 4 * WINDOW_NANOS ? bytes / (double) span : 0;
                bytes = 0;
                since = now;
            }
        }

        /// How many chunks are on the way while an answer is.
        int underWay(long chunkBytes) {
            return responseNanos == Long.MAX_VALUE ? 0 : (int) Math.ceil(rate * responseNanos / chunkBytes);
        }
    }

    /// Something right came.
    void came(Request request, long now) {
        progress = now;
        if (!request.answered && request.peer.owed == 1) {
            Flow flow = flow(request);
            flow.responseNanos = Math.min(flow.responseNanos, now - request.asked);
        }
    }

    /// A chunk is here.
    void completed(Request request, long bytes, long now) {
        double nanos = now - request.asked;
        flow(request).took(nanos);
        double rate = bytes / Math.max(1, nanos);
        peerRate = peerRate == 0 ? rate : peerRate + NEWEST * (rate - peerRate);
        flow(request).came(bytes, now);
    }

    /// A request was taken away. If that happens to many, all of them are slower than was thought.
    void stalled(Request request, long now) {
        flow(request).took(now - request.asked);
    }

    private Flow flow(Request request) {
        return request.peer.near ? near : far;
    }

    /// There is nothing to wait for yet.
    void idle(long now) {
        progress = now;
    }

    double peerRate() {
        return peerRate;
    }

    /// How many chunks to have under way from this site, and from others.
    int window(boolean isNear, int least, long chunkBytes) {
        return least + (isNear ? near : far).underWay(chunkBytes);
    }

    /// How long a request may go without a frame.
    long stallNanos(Request request) {
        long most = limits.stall().toNanos();
        double chunkNanos = flow(request).chunkNanos;
        return chunkNanos == 0
                ? most
                : Math.clamp(
                        (long) (STALL_TIMES * chunkNanos), Math.min(most, Limits.STALL_MIN.toNanos()), most);
    }

    /// After how long, near the end, a second peer is asked for a chunk.
    long lateNanos(Request request) {
        double chunkNanos = flow(request).chunkNanos;
        return chunkNanos == 0
                ? Limits.STALL_MIN.toNanos()
                : Math.clamp((long) (LATE_TIMES * chunkNanos), LATE_NANOS_MIN, stallNanos(request));
    }

    /// How long a request may go without being done.
    long ageNanos(Request request) {
        return AGE_TIMES * stallNanos(request);
    }

    /// For how long nothing right has come, as a multiple of what is patience here.
    double waited(long now) {
        double patience = Math.max(
                limits.patience().toNanos(), PATIENCE_TIMES * Math.max(near.chunkNanos, far.chunkNanos));
        return Math.max(0, now - progress) / patience;
    }
}
