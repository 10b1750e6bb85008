package dev.muster.protocol.config;

import dev.muster.protocol.MusterException.BadConfiguration;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

/// The keys that were set, being read by a program's configuration record: each getter names a key, its
/// default and what it is for, and [#finish] fails if anything was wrong or was read by nobody. For one use
/// by one thread.
public final class Settings {
    private static final long FILE_BYTES_MAX = 1 << 20;

    private final Map<String, String> given;
    private final List<String> problems = new ArrayList<>();
    private final Map<String, Line> effective = new TreeMap<>();

    private Settings(Map<String, String> given) {
        this.given = given;
    }

    /// One line of the effective configuration.
    ///
    /// @param value as it would be written in the file; a secret is `***`
    public record Line(String key, String value, String preset, String purpose) {}

    /// @param file may be absent
    /// @param overrides `key=value`, as given on the command line
    /// @param environment the process's; only names that start with `MUSTER_SET_` count
    public static Settings read(Path file, List<String> overrides, Map<String, String> environment) throws IOException {
        Map<String, String> given = new TreeMap<>();
        List<String> problems = new ArrayList<>();
        if (Files.exists(file)) {
            if (Files.size(file) > FILE_BYTES_MAX) {
                throw new BadConfiguration(file + ": expected at most 1 MiB of settings");
            }
            int number = 0;
            for (String line : Files.readAllLines(file, StandardCharsets.UTF_8)) {
                number++;
                String text = line.strip();
                if (!text.isEmpty() && !text.startsWith("#")) {
                    put(given, text, file + ":" + number, problems);
                }
            }
        }
        for (String override : overrides) {
            put(given, override, "--set", problems);
        }
        environment.forEach((name, value) -> {
            if (name.startsWith("MUSTER_SET_")) {
                String key = name.substring("MUSTER_SET_".length()).toLowerCase(Locale.ROOT);
                given.put(key.replace("__", ".").replace('_', '-'), value);
            }
        });
        Settings settings = new Settings(given);
        settings.problems.addAll(problems);
        return settings;
    }

    /// Nothing is set: every value is its default.
    public static Settings none() {
        return of(Map.of());
    }

    /// These are set.
    public static Settings of(Map<String, String> given) {
        return new Settings(new TreeMap<>(given));
    }

    public String text(String key, String preset, String purpose) {
        return value(key, preset, preset, purpose, text -> text);
    }

    public boolean flag(String key, boolean preset, String purpose) {
        return value(key, preset, Boolean.toString(preset), purpose, text -> switch (text) {
            case "true" -> true;
            case "false" -> false;
            default -> throw new IllegalArgumentException("expected true or false");
        });
    }

    public int number(String key, int preset, int min, int max, String purpose) {
        return value(key, preset, Integer.toString(preset), purpose, text -> {
            int number = Integer.parseInt(text);
            if (number < min || number > max) {
                throw new IllegalArgumentException("expected a number from " + min + " to " + max);
            }
            return number;
        });
    }

    public Duration duration(String key, String preset, String purpose) {
        return value(key, Units.duration(preset), preset, purpose, Units::duration);
    }

    /// A size in bytes: `64MiB`.
    public long size(String key, String preset, String purpose) {
        return value(key, Units.bytes(preset), preset, purpose, Units::bytes);
    }

    /// A rate in bytes a second, written in bits: `100Mbit`; 0 for `unlimited`.
    public long rate(String key, String preset, String purpose) {
        return value(key, Units.bytesPerSecond(preset), preset, purpose, Units::bytesPerSecond);
    }

    /// Rates by name: every `key.NAME` that is given.
    public Map<String, Long> rates(String key, String purpose) {
        Map<String, Long> rates = new TreeMap<>();
        for (String each : List.copyOf(given.keySet())) {
            if (each.startsWith(key + ".")) {
                rates.put(
                        each.substring(key.length() + 1), value(each, 0L, "unlimited", purpose, Units::bytesPerSecond));
            }
        }
        return rates;
    }

    /// Any other type.
    ///
    /// @param parse fails with an IllegalArgumentException whose message says what was expected
    public <T> T value(String key, T preset, String presetText, String purpose, Function<String, T> parse) {
        String text = given.remove(key);
        effective.put(key, new Line(key, text == null ? presetText : text, presetText, purpose));
        if (text == null) {
            return preset;
        }
        try {
            return parse.apply(text);
        } catch (IllegalArgumentException e) {
            problems.add(key + ": " + e.getMessage() + ", found " + text);
            return preset;
        }
    }

    /// Whether anything has read that key.
    public boolean knows(String key) {
        return effective.containsKey(key);
    }

    /// Every key that was read, with its value; for `config` and its documentation.
    public List<Line> effective() {
        return List.copyOf(effective.values());
    }

    /// @throws BadConfiguration naming everything that was wrong, one problem a line
    public void finish() throws BadConfiguration {
        for (String key : given.keySet()) {
            problems.add(key + ": no such setting; the nearest is " + nearest(key));
        }
        if (!problems.isEmpty()) {
            throw new BadConfiguration("configuration: " + String.join("\nconfiguration: ", problems));
        }
    }

    private static void put(Map<String, String> given, String text, String where, List<String> problems) {
        int equals = text.indexOf('=');
        if (equals < 1) {
            problems.add(where + ": expected key = value, found " + text);
        } else {
            given.put(
                    text.substring(0, equals).strip(),
                    text.substring(equals + 1).strip());
        }
    }

    private String nearest(String key) {
        return effective.keySet().stream()
                .min((a, b) -> Integer.compare(distance(key, a), distance(key, b)))
                .orElse("none");
    }

    /// Levenshtein's.
    private static int distance(String a, String b) {
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int substitute = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(substitute, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[b.length()];
    }
}
