package dev.muster.bench.lab;

import dev.muster.protocol.config.Units;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// What a run of the lab is to be, from its command line.
///
/// @param room how many hosts, and how fast their links are
/// @param image that is brought to all
/// @param rivals what else is to bring the same image
/// @param disruption of Muster's hosts
/// @param settings of every agent, `key=value`
/// @param output what is kept
record LabOptions(
        Room room, Image image, Set<Rival> rivals, Disruption disruption, List<String> settings, Output output) {
    static final String USAGE = """
            bench/lab run [--hosts N | --sites SxN --wan RATE] [--rate RATE] [--image SIZE] [--warm SIZE]
                          [--with libtorrent,aria2,udpcast,nginx]
                          [--kill-gateway] [--kill 30%] [--late 30%] [--hostile 50%]
                          [--set KEY=VALUE]... [--runs N] [--slower] [--json FILE] [--logs DIR] [--directory DIR]
            bench/lab limits [--limit RATE] [--seconds N] [--json FILE] [--directory DIR]
            bench/lab clean

            Needs root. --slower: a run in which the machine was the limit is repeated with links of half the rate.
            """;

    private static final Set<String> FLAGS = Set.of("kill-gateway", "slower");
    private static final Set<String> VALUES = Set.of(
            "hosts",
            "sites",
            "wan",
            "rate",
            "image",
            "warm",
            "with",
            "hostile",
            "kill",
            "late",
            "set",
            "runs",
            "json",
            "logs",
            "directory");

    LabOptions {
        rivals = Set.copyOf(rivals);
        settings = List.copyOf(settings);
    }

    /// @param rate bytes a second
    /// @param wan bytes a second
    record Room(int sites, int hostsPerSite, long rate, long wan) {
        Topology topology(String prefix) {
            return new Topology(prefix, sites, hostsPerSite, rate, wan);
        }
    }

    /// @param slower whether an invalid run is repeated with slower links
    /// @param json where all figures go
    /// @param logs where what Muster's processes said goes
    /// @param directory on tmpfs, for all that is made
    record Output(int runs, boolean slower, Optional<Path> json, Optional<Path> logs, Path directory) {}

    /// @param length bytes
    /// @param warm bytes of the image that goes first
    record Image(long length, long warm) {}

    /// A program to compare with.
    enum Rival {
        LIBTORRENT,
        ARIA2,
        UDPCAST,
        NGINX
    }

    /// @throws IllegalArgumentException saying what was expected
    static LabOptions parse(List<String> args) {
        Map<String, String> options = new LinkedHashMap<>();
        List<String> settings = new ArrayList<>();
        for (int i = 0; i < args.size(); i++) {
            String name = args.get(i).replaceFirst("^--", "");
            if (FLAGS.contains(name)) {
                options.put(name, "");
            } else if (!VALUES.contains(name) || i + 1 == args.size()) {
                throw new IllegalArgumentException("expected an option and its value, found " + args.get(i));
            } else if (name.equals("set")) {
                settings.add(args.get(++i));
            } else {
                options.put(name, args.get(++i));
            }
        }
        return new LabOptions(
                room(options),
                new Image(
                        Units.bytes(options.getOrDefault("image", "128MiB")),
                        Units.bytes(options.getOrDefault("warm", "16MiB"))),
                rivals(options.getOrDefault("with", "")),
                new Disruption(
                        part(options.getOrDefault("hostile", "0%")),
                        options.containsKey("kill-gateway"),
                        part(options.getOrDefault("kill", "0%")),
                        part(options.getOrDefault("late", "0%"))),
                settings,
                new Output(
                        Integer.parseInt(options.getOrDefault("runs", "1")),
                        options.containsKey("slower"),
                        Optional.ofNullable(options.get("json")).map(Path::of),
                        Optional.ofNullable(options.get("logs")).map(Path::of),
                        Path.of(options.getOrDefault("directory", "/dev/shm"))));
    }

    private static Room room(Map<String, String> options) {
        String sites = options.getOrDefault("sites", "1x" + options.getOrDefault("hosts", "8"));
        if (options.containsKey("sites") && options.containsKey("hosts")) {
            throw new IllegalArgumentException("expected --hosts or --sites, found both");
        }
        if (!sites.matches("[0-9]{1,2}x[0-9]{1,3}")) {
            throw new IllegalArgumentException("--sites: expected SITESxHOSTS such as 3x6, found " + sites);
        }
        String[] parts = sites.split("x", 2);
        return new Room(
                Integer.parseInt(parts[0]),
                Integer.parseInt(parts[1]),
                Units.bytesPerSecond(options.getOrDefault("rate", "100Mbit")),
                Units.bytesPerSecond(options.getOrDefault("wan", "50Mbit")));
    }

    private static Set<Rival> rivals(String list) {
        Set<Rival> rivals = EnumSet.noneOf(Rival.class);
        for (String name : list.isEmpty() ? new String[0] : list.split(",", -1)) {
            rivals.add(Rival.valueOf(name.toUpperCase(Locale.ROOT)));
        }
        return rivals;
    }

    private static double part(String percent) {
        if (!percent.matches("[0-9]{1,2}%")) {
            throw new IllegalArgumentException("expected a percentage such as 30%, found " + percent);
        }
        return Integer.parseInt(percent.substring(0, percent.length() - 1)) / 100.0;
    }
}
