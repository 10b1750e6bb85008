package dev.muster.ops.fleet;

import com.fasterxml.jackson.databind.JsonNode;
import dev.muster.protocol.config.Units;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// How fast hosts move bytes, for people.
final class Rates {
    /// So many of those that serve a host are shown.
    private static final int SERVERS = 3;

    private Rates() {}

    static String down(JsonNode host) {
        return human(host.path("rate").path("down").asLong());
    }

    static String up(JsonNode host) {
        return human(host.path("rate").path("up").asLong());
    }

    /// `12.0 MiB/s`, or `-` for none.
    static String human(long bytesPerSecond) {
        return bytesPerSecond == 0 ? "-" : Units.humanBytes(bytesPerSecond) + "/s";
    }

    /// By whom a host is served, most first, and how much of it each gives.
    static String servers(JsonNode host, HostNames names) {
        List<Map.Entry<String, JsonNode>> from =
                new ArrayList<>(host.path("rate").path("from").properties());
        from.sort((one, other) ->
                Long.compare(other.getValue().asLong(), one.getValue().asLong()));
        long all = from.stream().mapToLong(each -> each.getValue().asLong()).sum();
        List<String> parts = new ArrayList<>();
        for (Map.Entry<String, JsonNode> each : from.subList(0, Math.min(SERVERS, from.size()))) {
            long share = Math.round(100.0 * each.getValue().asLong() / Math.max(1, all));
            parts.add(names.of(each.getKey()) + " " + share + "%");
        }
        return String.join(", ", parts) + (from.size() > SERVERS ? ", …" : "");
    }
}
