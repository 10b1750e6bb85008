package dev.muster.coordinator.rollout;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/// The least time in which an image can reach every host that wants it, and what does not let it be less. No order of
/// sending is faster; a rollout says its time as a multiple of this.
///
/// It is the fluid bound of Kumar and Ross, "Peer-Assisted File Distribution: The Minimum Distribution Time" (2006),
/// with links between sites added: for `N` receivers of `F` bytes it is the greatest of
///
/// 1. `F` / uploads of the sources, and `F` / download of the slowest receiver;
/// 2. `N F` / all uploads;
/// 3. for each site without a source, `F` / its WAN link in, and `n F` / (its link in + uploads of its hosts);
/// 4. `F` / WAN links out of the sites with a source, and `S F` / all WAN links out, for `S` sites without one.
///
/// @param time never more than what any rollout takes
/// @param bottleneck for people: `upload of the source`, `download of h17`, `WAN into east`
public record Bound(Duration time, String bottleneck) {
    private static final double NANOS = 1e9;

    /// A host that takes part.
    ///
    /// @param source it has the whole image already; all others want it
    public record Host(String id, String site, boolean source, Rates rates) {}

    /// What an interface or a WAN link can do, in bytes a second.
    public record Rates(long up, long down) {
        /// In place of a rate of which nothing was seen.
        public static final long NOTHING_SEEN = 1;

        /// More than any link has.
        public static final Rates UNLIMITED = new Rates(Long.MAX_VALUE, Long.MAX_VALUE);

        public Rates {
            if (up < 1 || down < 1) {
                throw new IllegalArgumentException(
                        "rates: expected at least 1 byte a second, found " + up + ", " + down);
            }
        }
    }

    /// @param bytes the length of the image as it is sent
    /// @param wan the WAN link of each site, `up` leading out of it; a site that is not named has no limit
    /// @return empty if there is nobody to send or nobody to receive
    public static Optional<Bound> of(long bytes, Collection<Host> hosts, Map<String, Rates> wan) {
        long receivers = hosts.stream().filter(host -> !host.source).count();
        if (receivers == 0 || receivers == hosts.size()) {
            return Optional.empty();
        }
        Search search = new Search(bytes);
        hosts(search, hosts, receivers);
        sites(search, hosts, wan);
        return Optional.of(new Bound(Duration.ofNanos((long) (search.seconds * NANOS)), search.bottleneck));
    }

    /// How many times as long as it must something took.
    public double multiple(Duration took) {
        return took.toNanos() / (double) Math.max(1, time.toNanos());
    }

    /// The greatest of what was offered.
    private static final class Search {
        final long bytes;
        double seconds = -1;
        String bottleneck = "";

        Search(long bytes) {
            this.bytes = bytes;
        }

        void offer(long copies, double rate, String what) {
            double needed = (double) copies * (double) bytes / rate;
            if (needed > seconds) {
                seconds = needed;
                bottleneck = what;
            }
        }
    }

    private static void hosts(Search search, Collection<Host> hosts, long receivers) {
        double sources = hosts.stream()
                .filter(Host::source)
                .mapToDouble(host -> (double) host.rates.up)
                .sum();
        double all = hosts.stream().mapToDouble(host -> (double) host.rates.up).sum();
        long count = hosts.size() - receivers;
        search.offer(1, sources, count == 1 ? "upload of the source" : "uploads of the sources");
        search.offer(receivers, all, "uploads of all hosts");
        for (Host host : hosts) {
            if (!host.source) {
                search.offer(1, (double) host.rates.down, "download of " + host.id);
            }
        }
    }

    private static void sites(Search search, Collection<Host> hosts, Map<String, Rates> wan) {
        Set<String> origins = new TreeSet<>();
        hosts.stream().filter(Host::source).forEach(host -> origins.add(host.site));
        Map<String, List<Host>> members = new TreeMap<>();
        for (Host host : hosts) {
            members.computeIfAbsent(host.site, _ -> new ArrayList<>()).add(host);
        }
        Set<String> lacking = members.keySet().stream()
                .filter(site -> !origins.contains(site))
                .collect(Collectors.toCollection(TreeSet::new));
        if (lacking.isEmpty()) {
            return;
        }
        double out = 0;
        for (String site : members.keySet()) {
            out += of(wan, site).up;
        }
        for (String site : lacking) {
            List<Host> there = members.getOrDefault(site, List.of());
            double in = of(wan, site).down;
            double up =
                    there.stream().mapToDouble(host -> (double) host.rates.up).sum();
            search.offer(1, in, "WAN into " + site);
            search.offer(there.size(), in + up, "uploads of the hosts of " + site);
        }
        double fromOrigins =
                origins.stream().mapToDouble(site -> (double) of(wan, site).up).sum();
        search.offer(1, fromOrigins, "WAN out of " + String.join(", ", origins));
        search.offer(lacking.size(), out, "all WAN links out");
    }

    private static Rates of(Map<String, Rates> wan, String site) {
        return wan.getOrDefault(site, Rates.UNLIMITED);
    }
}
