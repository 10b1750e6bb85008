package dev.muster.ops.fleet;

import com.fasterxml.jackson.databind.JsonNode;
import dev.muster.ops.shell.Table;
import dev.muster.protocol.MusterException.Reason;
import dev.muster.protocol.MusterException.Refused;
import dev.muster.protocol.MusterException.TargetRefused;
import dev.muster.protocol.MusterException.Unknown;
import java.io.IOException;
import java.time.Duration;
import java.util.Locale;
import java.util.function.Consumer;

/// Watches a rollout until it has ended.
public final class RolloutProgress {
    private static final Duration LOOK_AGAIN = Duration.ofMillis(500);

    private final Operator operator;
    private final Watcher watcher;

    /// Looks on.
    @FunctionalInterface
    public interface Watcher {
        /// This is how it stands now.
        void saw(JsonNode rollout) throws IOException;
    }

    public RolloutProgress(Operator operator, Watcher watcher) {
        this.operator = operator;
        this.watcher = watcher;
    }

    /// @param notes is told of each step in a line
    public static RolloutProgress noted(Operator operator, Consumer<String> notes) {
        return new RolloutProgress(operator, new StepByStep(notes));
    }

    /// Says what is new.
    private static final class StepByStep implements Watcher {
        private final Consumer<String> notes;
        private String said = "";

        StepByStep(Consumer<String> notes) {
            this.notes = notes;
        }

        @Override
        public void saw(JsonNode rollout) {
            String line = line(rollout);
            if (!line.equals(said)) {
                notes.accept(line);
                said = line;
            }
        }
    }

    /// Returns the rollout when every host runs its release.
    ///
    /// @throws TargetRefused if a host failed to
    /// @throws Refused if another pin decides for its hosts by now
    /// @throws Unknown if it has no hosts
    public JsonNode await(String id) throws IOException, InterruptedException {
        while (true) {
            JsonNode rollout = operator.get("/v1/rollouts/" + Operator.segment(id));
            watcher.saw(rollout);
            JsonNode hosts = rollout.path("hosts");
            if (hosts.path("failed").asLong() > 0) {
                throw new TargetRefused("rollout " + id + ": expected every host to run "
                        + rollout.path("name").asText() + ", found "
                        + hosts.path("failed").asLong() + " of "
                        + hosts.path("all").asLong() + " that failed"
                        + firstError(rollout.path("name").asText()) + "; see: muster status");
            }
            if (rollout.path("state").asText().equals("superseded")) {
                throw ended(id, rollout);
            }
            if (rollout.path("state").asText().equals("done")) {
                return rollout;
            }
            Thread.sleep(LOOK_AGAIN);
        }
    }

    /// One rollout in one line.
    public static String line(JsonNode rollout) {
        JsonNode hosts = rollout.path("hosts");
        long failed = hosts.path("failed").asLong();
        return "rollout " + rollout.path("id").asText() + " of "
                + rollout.path("name").asText() + " to "
                + rollout.path("group").asText() + ": " + rollout.path("state").asText() + ", "
                + hosts.path("done").asLong() + " of " + hosts.path("all").asLong() + " hosts run it"
                + (failed > 0 ? ", " + failed + " failed" : "");
    }

    /// How long it took, or takes, and what of: empty where that is not known.
    public static String pace(JsonNode rollout) {
        double seconds = rollout.path("seconds").asDouble();
        double bound = rollout.path("bound").path("seconds").asDouble();
        String bottleneck = rollout.path("bottleneck").asText();
        String took = String.format(
                Locale.ROOT, rollout.path("state").asText().equals("done") ? "%.1f s" : "%.1f s so far", seconds);
        String multiple = bound == 0
                ? ""
                : String.format(
                        Locale.ROOT,
                        ", %.2f x the least that links as seen allow (%.1f s)",
                        rollout.path("bound").path("multiple").asDouble(),
                        bound);
        return took + multiple + (bottleneck.isEmpty() ? "" : "; bottleneck: " + bottleneck) + forecast(rollout);
    }

    /// What `muster plan` said before; empty if nobody asked it.
    private static String forecast(JsonNode rollout) {
        JsonNode forecast = rollout.path("forecast");
        return forecast.isMissingNode()
                ? ""
                : String.format(
                        Locale.ROOT,
                        "; forecast: %.1f s, half of the hosts %.1f s, bottleneck: %s",
                        forecast.path("all").asDouble(),
                        forecast.path("half").asDouble(),
                        forecast.path("bottleneck").asText());
    }

    public static String table(JsonNode rollouts) {
        Table table = new Table("ROLLOUT", "IMAGE", "GROUP", "STATE", "HOSTS", "RUN IT", "FAILED", "RELEASE");
        for (JsonNode rollout : rollouts) {
            JsonNode hosts = rollout.path("hosts");
            table.row(
                    rollout.path("id").asText(),
                    rollout.path("name").asText(),
                    rollout.path("group").asText(),
                    rollout.path("state").asText(),
                    hosts.path("all").asText(),
                    hosts.path("done").asText(),
                    hosts.path("failed").asText(),
                    Images.brief(rollout.path("documents").path("release").asText()));
        }
        return table.toString();
    }

    private static IOException ended(String id, JsonNode rollout) {
        String group = rollout.path("group").asText();
        return rollout.path("hosts").path("all").asLong() == 0
                ? new Unknown("rollout " + id + ": expected hosts in group " + group
                        + " for which it decides, found none; " + "see: muster status")
                : new Refused(
                        Reason.OVERLAP,
                        "rollout " + id + ": expected to decide for group " + group + ", found a newer pin");
    }

    private String firstError(String name) throws IOException {
        for (JsonNode host : operator.get("/v1/status").path("hosts")) {
            JsonNode image = host.path("images").path(name);
            if (image.path("state").asText().equals("failed")) {
                return ", first " + HostNames.of(host) + ": "
                        + image.path("error").asText();
            }
        }
        return "";
    }
}
