package dev.muster.agent;

import dev.muster.agent.limit.HostLimits;
import dev.muster.agent.limit.Throttle;
import dev.muster.protocol.MusterException.BadConfiguration;
import dev.muster.protocol.config.Settings;
import dev.muster.protocol.config.SettingsFile;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// The settings that count from the moment they are changed, and stay in the configuration file.
final class Tuning {
    private static final Logger LOG = System.getLogger(Tuning.class.getName());

    private final SettingsFile file;
    private final Throttle throttle;
    private final Map<String, String> given;

    /// @param given those that are not their defaults now
    Tuning(SettingsFile file, Throttle throttle, Map<String, String> given) {
        this.file = file;
        this.throttle = throttle;
        this.given = new TreeMap<>(given);
    }

    /// Every one of them, as it counts.
    synchronized List<Settings.Line> lines() {
        Settings settings = Settings.of(given);
        HostLimits _ = HostLimits.read(settings);
        return settings.effective();
    }

    /// Changes some; an empty value is the default again. All of them, or none if any is wrong.
    ///
    /// @throws BadConfiguration saying what is wrong with which
    synchronized void change(Map<String, String> changes) throws IOException {
        for (String key : changes.keySet()) {
            if (!HostLimits.isOne(key)) {
                throw new BadConfiguration("setting " + key + ": expected one that can be changed while the agent runs, "
                        + "which muster host show lists; others stand in " + file.path()
                        + " and count from the next start");
            }
        }
        Map<String, String> next = new TreeMap<>(given);
        changes.forEach((key, value) -> {
            if (value.isEmpty()) {
                next.remove(key);
            } else {
                next.put(key, value);
            }
        });
        Settings settings = Settings.of(next);
        HostLimits limits = HostLimits.read(settings);
        settings.finish();
        file.put(changes);
        given.clear();
        given.putAll(next);
        throttle.set(limits);
        LOG.log(Level.INFO, "settings changed: {0}", changes);
    }
}
