package dev.muster.agent.swarm;

/// How fast things usually come, and what follows from that: how much to have under way, how long is too long.
final class Pace {
    private static final double NEWEST = 0.2;

    private static final int ODD_TIMES = 4;

    /// A frame may take so many times as long as a whole chunk usually does, with its waiting.
    private static final int STALL_TIMES = 6;

    /// A chunk may take so many times as long as a frame.
    private static final int AGE_TIMES = 4;

    /// Nothing at all may come for so many times as long as a chunk usually takes.
    private static final int PATIENCE_TIMES = 8;

    /// But never longer than so many times what is configured.
    private static final int PATIENCE_MOST = 4;

    /// Between sites everything may take so many times as long.
    private static final int FAR_TIMES = 4;

    private static final int FAR_LEAST = 1;
    private static final int FAR_MOST = 8;

    /// A chunk that takes no longer from another site than that may have as many others under way as is usual.
    private static final double FAR_USUAL_NANOS = 300e6;

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

        /// When the last chunk was done.
        long completed;

        long responseNanos = Long.MAX_VALUE;
        double rate;
        private long since;
        private long bytes;

        /// One that took far longer than usual counts for little: it may be the fault of its peer.
        void took(double nanos) {
            double counted = chunkNanos == 0 ? nanos : Math.min(nanos, ODD_TIMES * chunkNanos);
            chunkNanos = chunkNanos == 0 ? counted : chunkNanos + NEWEST * (counted - chunkNanos);
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
            return responseNanos == Long.MAX_VALUE
                    ? 0
                    : (int) Math.ceil(rate * (double) responseNanos / (double) chunkBytes);
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
        flow(request).completed = now;
    }

    /// A request was taken away. If nothing else was done meanwhile, all peers are slower than was thought.
    void stalled(Request request, long now) {
        if (flow(request).completed - request.asked < 0) {
            flow(request).took((double) (now - request.asked));
        }
    }

    private Flow flow(Request request) {
        return request.peer.near ? near : far;
    }

    /// There is nothing to wait for yet.
    void idle(long now) {
        progress = now;
        near.completed = now;
        far.completed = now;
    }

    /// For so long, until now, this host did not look.
    void excuse(long lapse, long now) {
        progress = Math.min(now, progress + lapse);
    }

    double peerRate() {
        return peerRate;
    }

    /// How many chunks to have under way from this site.
    int window(int least, long chunkBytes) {
        return least + near.underWay(chunkBytes);
    }

    /// How many chunks to have under way from other sites: the fewer, the longer one takes, for all
    /// gateways of all sites share the links.
    int farWindow(long chunkBytes) {
        double some = far.chunkNanos == 0 ? FAR_LEAST : FAR_MOST * FAR_USUAL_NANOS / far.chunkNanos;
        return (int) Math.clamp(some, FAR_LEAST, FAR_MOST) + far.underWay(chunkBytes);
    }

    /// How long a request may go without a frame.
    long stallNanos(Request request) {
        long most = (request.peer.near ? 1 : FAR_TIMES) * limits.stall().toNanos();
        double chunkNanos = flow(request).chunkNanos;
        return chunkNanos == 0
                ? most
                : Math.clamp((long) (STALL_TIMES * chunkNanos), Math.min(most, Limits.STALL_MIN.toNanos()), most);
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
        double least = limits.patience().toNanos();
        double usual = PATIENCE_TIMES * Math.max(near.chunkNanos, far.chunkNanos);
        double patience = Math.clamp(usual, least, PATIENCE_MOST * least);
        return Math.max(0, now - progress) / patience;
    }
}
