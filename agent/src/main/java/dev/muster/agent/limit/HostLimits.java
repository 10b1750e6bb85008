package dev.muster.agent.limit;

import dev.muster.protocol.config.Settings;
import java.time.LocalDateTime;
import java.util.Map;

/// What the operator allows this host, in bytes a second; 0 is no limit. Each key stands in [#read]; all of
/// them can be changed while the agent runs.
///
/// @param wan between this site and any other one for which `wanOf` has nothing
/// @param sourceCopies how many copies of an image are sent from here if all of it was here from the start; 0:
///     any
public record HostLimits(
        long upload, long download, long wan, Map<String, Long> wanOf, double sourceCopies, Windows windows) {
    public static final HostLimits NONE = new HostLimits(0, 0, 0, Map.of(), 0, Windows.NONE);

    /// What an operator types to raise the source budget.
    public static final String RAISE_SOURCE_BUDGET = "muster host set swarm.source-budget=COPIES";

    private static final double COPIES_MAX = 1_000_000;

    public HostLimits {
        wanOf = Map.copyOf(wanOf);
    }

    public static HostLimits read(Settings settings) {
        return new HostLimits(
                settings.rate("swarm.upload-limit", "unlimited", "what this host sends at most"),
                settings.rate("swarm.download-limit", "unlimited", "what this host receives at most"),
                settings.rate("swarm.wan-limit", "unlimited", "what passes at most between this site and each other one"),
                settings.rates("swarm.wan-limit", "the same for one other site"),
                settings.value(
                        "swarm.source-budget",
                        0.0,
                        "0",
                        "copies of an image that a host which had it from the start sends at most; 0: any number",
                        HostLimits::copies),
                settings.value(
                        "swarm.windows",
                        Windows.NONE,
                        "",
                        "when less is sent and received: mon-fri 08:00-18:00 50Mbit, 22:00-02:00 1Gbit",
                        Windows::parse));
    }

    /// Whether a key is one of these.
    public static boolean isOne(String key) {
        Settings settings = Settings.of(Map.of(key, ""));
        HostLimits _ = read(settings);
        return settings.knows(key);
    }

    /// The same with another source budget.
    HostLimits withSourceCopies(double copies) {
        return new HostLimits(upload, download, wan, wanOf, copies, windows);
    }

    long uploadAt(LocalDateTime when) {
        return windows.limit(upload, when);
    }

    long downloadAt(LocalDateTime when) {
        return windows.limit(download, when);
    }

    long wanTo(String site) {
        return wanOf.getOrDefault(site, wan);
    }

    private static double copies(String text) {
        double copies = Double.parseDouble(text);
        if (!(copies >= 0 && copies <= COPIES_MAX)) {
            throw new IllegalArgumentException("expected a number of copies, 0 for any");
        }
        return copies;
    }
}
