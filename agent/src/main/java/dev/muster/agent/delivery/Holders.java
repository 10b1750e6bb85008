package dev.muster.agent.delivery;

import dev.muster.protocol.content.ManifestId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

/// Which peers gave headers of a manifest when they were asked last, and which had none: so that of many batches only
/// the first ones have to look for a peer. Of the last few manifests. Safe for threads.
final class Holders {
    private static final int MANIFESTS_MAX = 8;

    private final SequencedMap<ManifestId, Map<String, Boolean>> known = new LinkedHashMap<>();

    /// In which order to ask: those that gave some, those that were not asked, those that had none; by chance among
    /// equals, so that all who have them share the work.
    synchronized List<Connection> order(ManifestId manifest, Collection<Connection> peers) {
        Map<String, Boolean> gave = known.getOrDefault(manifest, Map.of());
        List<Connection> order = new ArrayList<>(peers);
        Collections.shuffle(order);
        order.sort(Comparator.comparingInt(peer -> {
            Boolean last = gave.get(peer.host());
            return last == null ? 1 : last ? 0 : 2;
        }));
        return order;
    }

    synchronized void learned(ManifestId manifest, String host, boolean gave) {
        Map<String, Boolean> hosts = known.remove(manifest);
        hosts = hosts == null ? new HashMap<>() : hosts;
        hosts.put(host, gave);
        known.putLast(manifest, hosts);
        if (known.size() > MANIFESTS_MAX) {
            known.pollFirstEntry();
        }
    }
}
