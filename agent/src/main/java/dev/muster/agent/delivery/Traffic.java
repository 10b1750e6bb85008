package dev.muster.agent.delivery;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/// Bytes of image content that this host moved: frames, headers, heads and pages, without the framing around them.
public final class Traffic {
    /// Of more peers at a time it is not counted what each sent.
    private static final int PEERS_MAX = 1024;

    private final LongAdder sent = new LongAdder();
    private final LongAdder fromSource = new LongAdder();
    private final LongAdder fromSite = new LongAdder();
    private final LongAdder fromWan = new LongAdder();
    private final Map<String, LongAdder> fromPeer = new ConcurrentHashMap<>();

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

    void received(String peer, long bytes, boolean fromSource, boolean sameSite) {
        LongAdder known = fromPeer.get(peer);
        if (known == null && fromPeer.size() < PEERS_MAX) {
            known = fromPeer.computeIfAbsent(peer, _ -> new LongAdder());
        }
        if (known != null) {
            known.add(bytes);
        }
        (fromSource ? this.fromSource : sameSite ? fromSite : fromWan).add(bytes);
    }

    /// How much came from each peer since this was asked before; those that sent nothing meanwhile are forgotten.
    public Map<String, Long> takeByPeer() {
        Map<String, Long> taken = new HashMap<>();
        fromPeer.forEach((peer, bytes) -> taken.put(peer, bytes.sumThenReset()));
        taken.values().removeIf(bytes -> bytes == 0);
        fromPeer.keySet().removeIf(peer -> !taken.containsKey(peer));
        return taken;
    }

    public Totals totals() {
        return new Totals(fromSource.sum(), fromSite.sum(), fromWan.sum(), sent.sum());
    }
}
