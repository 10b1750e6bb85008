package dev.muster.coordinator.rollout;

import dev.muster.coordinator.disk.RecordFiles;
import dev.muster.protocol.content.Hash;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;

/// The newest forecast for each group and release, and, of a rollout that was started, the one that there was then.
/// Safe for threads.
final class Forecasts {
    /// So many are kept of rollouts that were not started.
    static final int PLANNED_MAX = 64;

    /// What is older when a rollout begins is of another fleet.
    static final Duration AGE_MAX = Duration.ofDays(1);

    private static final Logger LOG = System.getLogger(Forecasts.class.getName());
    private static final String PLANNED = "p-";

    private final RecordFiles<Forecast> files;
    private final ConcurrentSkipListMap<String, Forecast> forecasts;

    private Forecasts(RecordFiles<Forecast> files, ConcurrentSkipListMap<String, Forecast> forecasts) {
        this.files = files;
        this.forecasts = forecasts;
    }

    /// A file that is no forecast is passed over.
    static Forecasts open(Path directory) throws IOException {
        RecordFiles<Forecast> files = RecordFiles.open(directory, Forecast.Format.MAGIC, new Forecast.Format());
        return new Forecasts(files, new ConcurrentSkipListMap<>(files.loadReadable()));
    }

    /// Keeps it until a rollout of the release to the group begins, or too many others come.
    synchronized void plan(String group, Hash release, Forecast forecast) throws IOException {
        put(key(group, release), forecast);
        while (forecasts.tailMap(PLANNED, true).headMap(PLANNED + "~").size() > PLANNED_MAX) {
            String oldest = forecasts.tailMap(PLANNED, true).headMap(PLANNED + "~").entrySet().stream()
                    .min(Comparator.comparingLong(each -> each.getValue().created()))
                    .map(Map.Entry::getKey)
                    .orElseThrow();
            remove(oldest);
        }
    }

    /// A rollout begins: what was planned for it is its own. Where that cannot be written, it is forgotten.
    synchronized void begin(Rollout rollout) {
        String planned = key(rollout.group(), rollout.release());
        Forecast forecast = forecasts.get(planned);
        if (forecast == null || rollout.created() - forecast.created() > AGE_MAX.toMillis()) {
            return;
        }
        try {
            put(rollout.id(), forecast);
        } catch (IOException e) {
            LOG.log(Level.WARNING, "forecast not kept: rollout={0} because={1}", rollout.id(), e.getMessage());
            return;
        }
        try {
            remove(planned);
        } catch (IOException e) {
            LOG.log(Level.WARNING, "forecast kept twice: rollout={0} because={1}", rollout.id(), e.getMessage());
        }
    }

    Optional<Forecast> of(Rollout rollout) {
        return Optional.ofNullable(forecasts.get(rollout.id()));
    }

    private void put(String key, Forecast forecast) throws IOException {
        files.put(key, forecast);
        forecasts.put(key, forecast);
    }

    private void remove(String key) throws IOException {
        files.remove(key);
        forecasts.remove(key);
    }

    private static String key(String group, Hash release) {
        return PLANNED + release.hex() + "-"
                + Hash.of(group.getBytes(StandardCharsets.UTF_8)).brief();
    }
}
