package dev.muster.protocol.cluster;

import com.hazelcast.config.Config;
import com.hazelcast.config.ConfigXmlGenerator;
import com.hazelcast.instance.BuildInfoProvider;
import dev.muster.protocol.MusterException.BadConfiguration;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/// Refuses any Hazelcast but the one that was examined, and any setting that is not ours. Older versions let a client
/// read the memory of a member; of newer ones nobody has looked whether TLS still comes before everything else.
final class Hardening {
    static final String VERSION = "5.7.0";

    /// Hazelcast takes a system property with this prefix for each property that its configuration does not set.
    private static final String PROPERTIES = "hazelcast.";

    private static final Pattern DEFAULTS = Pattern.compile("<([a-z-]+) name=\"default\">.*?</\\1>");

    private Hardening() {}

    /// Before a member starts.
    ///
    /// @param properties the names of the system properties
    static void check(String version, Set<String> properties) throws BadConfiguration {
        if (!version.equals(VERSION)) {
            throw new BadConfiguration("cluster: expected Hazelcast " + VERSION + ", found " + version);
        }
        Set<String> foreign = new TreeSet<>(properties);
        foreign.removeIf(name -> !name.startsWith(PROPERTIES));
        if (!foreign.isEmpty()) {
            throw new BadConfiguration(
                    "cluster: expected no settings of Hazelcast but ours, found the system" + " properties " + foreign);
        }
    }

    static String version() {
        return BuildInfoProvider.getBuildInfo().getVersion();
    }

    /// After it has started, and before anything is told to it.
    static void check(Config ours, Config effective) throws BadConfiguration {
        String expected = text(ours);
        String found = text(effective);
        if (!found.equals(expected)) {
            throw new BadConfiguration("cluster: expected the settings that were made, found others: "
                    + found.substring(firstDifference(expected, found)));
        }
    }

    /// Of data structures there are only ours; Hazelcast itself adds how those would be for which nothing is said.
    private static String text(Config config) {
        return DEFAULTS.matcher(new ConfigXmlGenerator(false, false).generate(config))
                .replaceAll("");
    }

    private static int firstDifference(String a, String b) {
        int at = Arrays.mismatch(a.toCharArray(), b.toCharArray());
        return Math.min(at, b.length());
    }
}
