package dev.muster.agent.delivery;

import java.util.concurrent.atomic.LongAdder;

/// Bytes of image content that this host moved: frames, headers, heads and pages, without the framing around them.
public final class Traffic {
    private final LongAdder sent = new LongAdder();
    private final LongAdder fromSource = new LongAdder();
    private final LongAdder fromSite = new LongAdder();
    private final LongAdder fromWan = new LongAdder();

    /// Totals since the agent started.
    ///
    /// @param source received from hosts that had the whole image when they joined
    /// @param site received from others of the same site
    /// @param wan received from others of other sites
    /// @param sent to anybody
    public record Totals(long source, long site, long wan, long sent) {
        public long received() {
            return source + site + wan;
        }
    }

    void sent(long bytes) {
        sent.add(bytes);
    }

    void received(long bytes, boolean fromSource, boolean sameSite) {
        (fromSource ? this.fromSource : sameSite ? fromSite : fromWan).add(bytes);
    }

    public Totals totals() {
        return new Totals(fromSource.sum(), fromSite.sum(), fromWan.sum(), sent.sum());
    }
}
