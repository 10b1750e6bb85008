package dev.muster.agent.swarm;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Which hosts should be linked, as anybody who knows the same hosts works it out alone.
///
/// 1. Within a site each host stands on [#RINGS] rings, on each in another order, and is linked with the one before and
///    the one after it: a random regular graph that hangs together whoever comes or goes, and of which a change moves
///    two links a ring (Law and Siu, "Distributed Construction of Random Expander Networks", 2003).
/// 2. One ring more goes round all hosts; where two that follow each other on it are of different sites,
///    they are linked too. It is the way of last resort, of which every site has some and no host more than
///    two.
/// 3. For each image a site has a few [#candidates] for gateways. Those are linked with each other, and with those of
///    the other sites.
///
/// Only hosts that are believed to be up should be put in. Not safe for threads.
public final class Graph {
    static final int RINGS = 10;

    /// One may be gone or want the image no more, and there are still [Gateways#COUNT].
    static final int CANDIDATES = 6;

    /// How many links with candidates of other sites one should have, for each image.
    private static final int FAR_LINKS = 120;

    private static final int FAR_LINKS_PER_SITE_MIN = 2;

    private final Map<String, String> siteOf = new HashMap<>();
    private final Map<String, Site> sites = new TreeMap<>();
    private final TreeMap<Long, String> everybody = new TreeMap<>();

    /// The rings of a site.
    private static final class Site {
        final Set<String> hosts = new LinkedHashSet<>();
        final List<TreeMap<Long, String>> rings = new ArrayList<>();

        Site() {
            for (int ring = 0; ring < RINGS; ring++) {
                rings.add(new TreeMap<>());
            }
        }

        void add(String host) {
            hosts.add(host);
            for (int ring = 0; ring < RINGS; ring++) {
                rings.get(ring).put(place(ring, host), host);
            }
        }

        /// @return null if nobody is left
        @Nullable
        Site without(String host) {
            hosts.remove(host);
            for (int ring = 0; ring < RINGS; ring++) {
                rings.get(ring).remove(place(ring, host));
            }
            return hosts.isEmpty() ? null : this;
        }
    }

    public void add(String host, String site) {
        remove(host);
        siteOf.put(host, site);
        sites.computeIfAbsent(site, _ -> new Site()).add(host);
        everybody.put(place(RINGS, host), host);
    }

    public void remove(String host) {
        String site = siteOf.remove(host);
        if (site != null) {
            sites.computeIfPresent(site, (_, left) -> left.without(host));
            everybody.remove(place(RINGS, host));
        }
    }

    public boolean has(String host) {
        return siteOf.containsKey(host);
    }

    /// Whom a host should be linked with, but for what gateways need besides.
    public Set<String> neighbours(String host) {
        String site = siteOf.get(host);
        Site near = site == null ? null : sites.get(site);
        if (site == null || near == null) {
            return Set.of();
        }
        Set<String> found = new LinkedHashSet<>();
        if (near.hosts.size() <= 2 * RINGS + 1) {
            found.addAll(near.hosts);
        } else {
            for (int ring = 0; ring < RINGS; ring++) {
                long place = place(ring, host);
                found.add(after(near.rings.get(ring), place));
                found.add(before(near.rings.get(ring), place));
            }
        }
        found.remove(host);
        long place = place(RINGS, host);
        for (String other : List.of(after(everybody, place), before(everybody, place))) {
            if (!site.equals(siteOf.get(other))) {
                found.add(other);
            }
        }
        return found;
    }

    /// Whom a host should be linked with for an image, as one of its site's candidates; nobody, if it is none.
    public Set<String> gatewayLinks(String host, long image) {
        String site = siteOf.get(host);
        Set<String> found = new LinkedHashSet<>();
        if (site == null || sites.size() < 2 || !candidates(site, image).contains(host)) {
            return found;
        }
        long self = Rendezvous.of(host);
        int perSite = Math.clamp(FAR_LINKS / (sites.size() - 1), FAR_LINKS_PER_SITE_MIN, CANDIDATES);
        for (String each : sites.keySet()) {
            List<String> candidates = candidates(each, image);
            if (each.equals(site)) {
                found.addAll(candidates);
            } else {
                candidates.stream()
                        .sorted(Comparator.comparingLong(other -> pair(self, Rendezvous.of(other))))
                        .limit(perSite)
                        .forEach(found::add);
            }
        }
        found.remove(host);
        return found;
    }

    /// Those of a site that may be its gateways for an image, the first choice first.
    public List<String> candidates(String site, long image) {
        Site found = sites.get(site);
        return found == null ? List.of() : candidates(found.hosts, image);
    }

    private static List<String> candidates(Collection<String> hosts, long image) {
        return hosts.stream()
                .sorted(Comparator.<String>comparingLong(host -> Gateways.rank(image, host))
                        .reversed())
                .limit(CANDIDATES)
                .toList();
    }

    private static long place(int ring, String host) {
        return Rendezvous.score(ring, Rendezvous.of(host));
    }

    /// The same from either end.
    private static long pair(long one, long other) {
        return Rendezvous.score(Math.min(one, other), Math.max(one, other));
    }

    private static String after(NavigableMap<Long, String> ring, long place) {
        Map.@Nullable Entry<Long, String> next = ring.higherEntry(place);
        return (next == null ? ring.firstEntry() : next).getValue();
    }

    private static String before(NavigableMap<Long, String> ring, long place) {
        Map.@Nullable Entry<Long, String> last = ring.lowerEntry(place);
        return (last == null ? ring.lastEntry() : last).getValue();
    }
}
