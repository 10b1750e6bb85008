package dev.muster.ops.fleet;

import com.fasterxml.jackson.databind.JsonNode;
import dev.muster.ops.shell.Table;
import dev.muster.protocol.config.Units;
import java.util.HashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/// A fleet for people, from what a coordinator says of it.
public final class Status {
    private static final int BAR_WIDTH = 20;

    private Status() {}

    /// The `name:version` of each release.
    public static Map<String, String> names(JsonNode images) {
        Map<String, String> names = new HashMap<>();
        for (JsonNode image : images.path("images")) {
            names.put(image.path("release").asText(), image.path("image").asText());
        }
        return names;
    }

    /// @param names of releases; one that is not in it is shown by its hash
    public static String text(JsonNode status, Map<String, String> names) {
        Table table = new Table("HOST", "SITE", "STATE", "RUNNING", "PROGRESS", "RECEIVED", "SENT", "");
        SortedMap<String, Integer> states = new TreeMap<>();
        SortedMap<String, Integer> running = new TreeMap<>();
        for (JsonNode host : status.path("hosts")) {
            String runs = running(host, names);
            states.merge(host.path("state").asText(), 1, Integer::sum);
            running.merge(runs, 1, Integer::sum);
            table.row(
                    host.path("id").asText(),
                    host.path("site").asText(),
                    host.path("state").asText(),
                    runs,
                    bar(host.path("progress")),
                    Units.humanBytes(received(host)),
                    Units.humanBytes(host.path("sent").asLong()),
                    host.path("error").asText());
        }
        return table + "\n\n" + summary("hosts", states) + "\n" + summary("running", running) + "\n"
                + status.path("sites").size() + " sites, "
                + status.path("coordinators").size() + " coordinators, "
                + status.path("swarms").size() + " swarms";
    }

    private static String summary(String title, SortedMap<String, Integer> counts) {
        StringBuilder out = new StringBuilder(title).append(":");
        counts.forEach((what, count) ->
                out.append(' ').append(count).append(' ').append(what).append(','));
        return counts.isEmpty() ? title + ": none" : out.substring(0, out.length() - 1);
    }

    private static String running(JsonNode host, Map<String, String> names) {
        StringBuilder out = new StringBuilder();
        for (JsonNode image : host.path("running")) {
            String release = image.path("release").asText();
            out.append(out.isEmpty() ? "" : " ").append(names.getOrDefault(release, Images.brief(release)));
        }
        return out.isEmpty() ? "-" : out.toString();
    }

    private static String bar(JsonNode progress) {
        long total = progress.path("total").asLong();
        if (total <= 0) {
            return "-";
        }
        long done = Math.min(total, progress.path("done").asLong());
        int full = (int) (BAR_WIDTH * (double) done / total);
        return "[" + "#".repeat(full) + "-".repeat(BAR_WIDTH - full) + "] " + (int) (100.0 * done / total) + "%";
    }

    private static long received(JsonNode host) {
        JsonNode received = host.path("received");
        return received.path("source").asLong()
                + received.path("site").asLong()
                + received.path("wan").asLong();
    }
}
