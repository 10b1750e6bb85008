package dev.muster.ops.fleet;

import com.fasterxml.jackson.databind.JsonNode;
import dev.muster.ops.shell.Table;
import dev.muster.protocol.config.Units;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/// A fleet for people, from what a coordinator says of it.
public final class Status {
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
        Table table = new Table("HOST", "ID", "SITE", "STATE", "RUNNING", "PROGRESS", "RECEIVED", "SENT", "");
        SortedMap<String, Integer> running = new TreeMap<>();
        for (JsonNode host : status.path("hosts")) {
            String runs = running(host, names);
            running.merge(runs, 1, Integer::sum);
            table.row(
                    HostNames.of(host),
                    HostNames.brief(host.path("id").asText()),
                    host.path("site").asText(),
                    state(host),
                    runs,
                    bar(host.path("progress")),
                    Units.humanBytes(received(host)),
                    Units.humanBytes(host.path("sent").asLong()),
                    host.path("error").asText());
        }
        return table + "\n\n" + summary("hosts", states(status)) + "\n" + summary("running", running) + "\n"
                + status.path("sites").size() + " sites, "
                + status.path("coordinators").size() + " coordinators, "
                + status.path("swarms").size() + " swarms";
    }

    /// What goes on, for people who look on: every site, and the hosts that do something, at most so many.
    public static String frame(JsonNode status, Map<String, String> names, int hostsMax) {
        HostNames hosts = new HostNames(status.path("hosts"));
        Table table = new Table("HOST", "SITE", "STATE", "RUNNING", "PROGRESS", "DOWN", "UP", "CPU", "SERVED BY");
        List<JsonNode> all = new ArrayList<>();
        status.path("hosts").forEach(all::add);
        List<JsonNode> active = all.stream()
                .filter(host -> !host.path("state").asText().equals("ready")
                        || host.path("rate").path("up").asLong() > 0)
                .toList();
        for (JsonNode host : active.subList(0, Math.min(hostsMax, active.size()))) {
            table.row(
                    HostNames.of(host),
                    host.path("site").asText(),
                    state(host),
                    running(host, names),
                    bar(host.path("progress")),
                    Rates.down(host),
                    Rates.up(host),
                    host.path("cpu").asInt() + "%",
                    Rates.servers(host, hosts));
        }
        String rest = active.size() > hostsMax ? "\nand " + (active.size() - hostsMax) + " more" : "";
        return new Sites(all, hosts, new NewestWork()).table() + "\n\n" + table + rest + "\n\n"
                + summary("hosts", states(status));
    }

    /// The same in one line.
    public static String line(JsonNode status) {
        List<JsonNode> all = new ArrayList<>();
        status.path("hosts").forEach(all::add);
        Sites sites = new Sites(all, new HostNames(status.path("hosts")), new NewestWork());
        return summary("hosts", states(status)) + "; " + Rates.human(sites.down()) + " received";
    }

    /// Of what a host works on now, or did last.
    private static final class NewestWork implements Sites.Progress {
        @Override
        public boolean isReady(JsonNode host) {
            return host.path("state").asText().equals("ready");
        }

        @Override
        public long done(JsonNode host) {
            return isReady(host) ? 0 : host.path("progress").path("done").asLong();
        }

        @Override
        public long total(JsonNode host) {
            return isReady(host) ? 0 : host.path("progress").path("total").asLong();
        }
    }

    private static SortedMap<String, Integer> states(JsonNode status) {
        SortedMap<String, Integer> states = new TreeMap<>();
        status.path("hosts").forEach(host -> states.merge(host.path("state").asText(), 1, Integer::sum));
        return states;
    }

    /// With the names that failed, where others did not.
    private static String state(JsonNode host) {
        List<String> failed = new ArrayList<>();
        JsonNode images = host.path("images");
        for (Map.Entry<String, JsonNode> image : images.properties()) {
            if (image.getValue().path("state").asText().equals("failed")) {
                failed.add(image.getKey());
            }
        }
        String state = host.path("state").asText();
        return failed.isEmpty() || failed.size() == images.size()
                ? state
                : (state.equals("failed") ? "ready" : state) + ", " + String.join(", ", failed) + " failed";
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
        return Bar.of(progress.path("done").asLong(), progress.path("total").asLong());
    }

    private static long received(JsonNode host) {
        JsonNode received = host.path("received");
        return received.path("source").asLong()
                + received.path("site").asLong()
                + received.path("wan").asLong();
    }
}
