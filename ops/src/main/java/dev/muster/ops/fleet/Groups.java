package dev.muster.ops.fleet;

import com.fasterxml.jackson.databind.JsonNode;
import dev.muster.ops.shell.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Groups for people, from what a coordinator says of them.
public final class Groups {
    private Groups() {}

    public static String table(JsonNode groups) {
        Table table = new Table("GROUP", "PRIORITY", "HOSTS");
        for (JsonNode group : groups) {
            table.row(group.path("name").asText(), group.path("priority").asText(), hosts(group));
        }
        return table.toString();
    }

    private static String hosts(JsonNode group) {
        List<String> parts = new ArrayList<>();
        for (Map.Entry<String, JsonNode> label : group.path("match").properties()) {
            parts.add(label.getKey() + "=" + label.getValue().asText());
        }
        group.path("hosts").forEach(host -> parts.add(host.asText()));
        return parts.isEmpty() ? "every host" : String.join(" ", parts);
    }
}
