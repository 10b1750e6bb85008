package dev.muster.ops.fleet;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// What people call the hosts of a fleet, and where these stand: the label `name`, else the first digits of the id.
final class HostNames {
    private static final int BRIEF = 12;

    private final Map<String, JsonNode> hosts = new HashMap<>();

    /// @param hosts of a status
    HostNames(JsonNode hosts) {
        hosts.forEach(host -> this.hosts.put(host.path("id").asText(), host));
    }

    static String of(JsonNode host) {
        String name = host.path("labels").path("name").asText();
        return name.isEmpty() ? brief(host.path("id").asText()) : name;
    }

    String of(String id) {
        JsonNode host = hosts.get(id);
        return host == null ? brief(id) : of(host);
    }

    Optional<String> site(String id) {
        return Optional.ofNullable(hosts.get(id)).map(host -> host.path("site").asText());
    }

    static String brief(String id) {
        return id.substring(0, Math.min(BRIEF, id.length()));
    }
}
