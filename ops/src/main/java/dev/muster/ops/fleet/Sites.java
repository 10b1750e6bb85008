package dev.muster.ops.fleet;

import com.fasterxml.jackson.databind.JsonNode;
import dev.muster.ops.shell.Table;
import java.util.Collection;
import java.util.SortedMap;
import java.util.TreeMap;

/// What the hosts of each site come to together, and what crosses the links between sites.
final class Sites {
    private final SortedMap<String, Sum> sums = new TreeMap<>();

    /// Of one site.
    private static final class Sum {
        int hosts;
        int ready;
        long done;
        long total;
        long down;
        long up;
        long wanIn;
        long wanOut;
    }

    /// @param hosts those that count
    /// @param progress how far each of them is
    Sites(Collection<JsonNode> hosts, HostNames names, Progress progress) {
        for (JsonNode host : hosts) {
            String site = host.path("site").asText();
            Sum sum = sum(site);
            JsonNode rate = host.path("rate");
            sum.hosts++;
            sum.ready += progress.isReady(host) ? 1 : 0;
            sum.done += progress.done(host);
            sum.total += progress.total(host);
            sum.down += rate.path("down").asLong();
            sum.up += rate.path("up").asLong();
            rate.path("from")
                    .properties()
                    .forEach(from -> names.site(from.getKey())
                            .filter(other -> !other.equals(site))
                            .ifPresent(other -> {
                                sum.wanIn += from.getValue().asLong();
                                sum(other).wanOut += from.getValue().asLong();
                            }));
        }
    }

    /// How far a host is with what is looked at.
    interface Progress {
        boolean isReady(JsonNode host);

        long done(JsonNode host);

        long total(JsonNode host);
    }

    private Sum sum(String site) {
        return sums.computeIfAbsent(site, _ -> new Sum());
    }

    long down() {
        return sums.values().stream().mapToLong(sum -> sum.down).sum();
    }

    String table() {
        Table table = new Table("SITE", "HOSTS", "READY", "PROGRESS", "DOWN", "UP", "WAN IN", "WAN OUT");
        sums.forEach((site, sum) -> table.row(
                site,
                Integer.toString(sum.hosts),
                Integer.toString(sum.ready),
                Bar.of(sum.done, sum.total),
                Rates.human(sum.down),
                Rates.human(sum.up),
                Rates.human(sum.wanIn),
                Rates.human(sum.wanOut)));
        return table.toString();
    }
}
