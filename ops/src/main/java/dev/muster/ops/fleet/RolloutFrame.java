package dev.muster.ops.fleet;

import com.fasterxml.jackson.databind.JsonNode;
import dev.muster.ops.shell.Table;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// A rollout at one moment, for people who look on: how it stands, every site, and the hosts that do not run it yet.
public final class RolloutFrame {
    private final JsonNode rollout;
    private final HostNames names;
    private final List<JsonNode> hosts = new ArrayList<>();
    private final OfThisName progress = new OfThisName();

    /// @param status of the fleet at that moment
    public RolloutFrame(JsonNode rollout, JsonNode status) {
        this.rollout = rollout;
        this.names = new HostNames(status.path("hosts"));
        for (JsonNode host : status.path("hosts")) {
            if (release(host.path("pinned")).equals(release())) {
                hosts.add(host);
            }
        }
    }

    /// Its hosts, as the status has them.
    public List<JsonNode> hosts() {
        return List.copyOf(hosts);
    }

    /// @param hostsMax so many hosts are shown, those that are behind first
    public String text(int hostsMax) {
        List<JsonNode> open = hosts.stream()
                .filter(host -> !progress.isReady(host))
                .sorted(Comparator.comparingDouble(this::part))
                .toList();
        Table table = new Table("HOST", "SITE", "STATE", "PROGRESS", "DOWN", "UP", "CPU", "SERVED BY");
        for (JsonNode host : open.subList(0, Math.min(hostsMax, open.size()))) {
            table.row(
                    HostNames.of(host),
                    host.path("site").asText(),
                    state(host),
                    Bar.of(progress.done(host), progress.total(host)),
                    Rates.down(host),
                    Rates.up(host),
                    host.path("cpu").asInt() + "%",
                    Rates.servers(host, names));
        }
        String rest = open.size() > hostsMax ? "\nand " + (open.size() - hostsMax) + " more" : "";
        return RolloutProgress.line(rollout) + "\n" + RolloutProgress.pace(rollout) + "\n\n"
                + new Sites(hosts, names, progress).table()
                + (open.isEmpty() ? "" : "\n\n" + table + rest);
    }

    /// The same in one line.
    public String line() {
        long done = hosts.stream().mapToLong(progress::done).sum();
        long total = hosts.stream().mapToLong(progress::total).sum();
        String part = total == 0 ? "" : ", " + 100 * done / total + " % of the bytes";
        return RolloutProgress.line(rollout) + part + "; " + RolloutProgress.pace(rollout);
    }

    private String name() {
        return rollout.path("name").asText();
    }

    private String release() {
        return rollout.path("documents").path("release").asText();
    }

    private String release(JsonNode byName) {
        return byName.path(name()).path("release").asText();
    }

    private String state(JsonNode host) {
        String state = host.path("state").asText();
        return state.equals("silent")
                ? state
                : host.path("images").path(name()).path("state").asText("waiting");
    }

    private double part(JsonNode host) {
        return progress.done(host) / (double) Math.max(1, progress.total(host));
    }

    /// How far a host is with the release of this rollout.
    private final class OfThisName implements Sites.Progress {
        @Override
        public boolean isReady(JsonNode host) {
            return release(host.path("running")).equals(release());
        }

        @Override
        public long done(JsonNode host) {
            return isReady(host) ? total(host) : work(host).path("done").asLong();
        }

        @Override
        public long total(JsonNode host) {
            return work(host).path("total").asLong();
        }

        private JsonNode work(JsonNode host) {
            return host.path("images").path(name()).path("progress");
        }
    }
}
