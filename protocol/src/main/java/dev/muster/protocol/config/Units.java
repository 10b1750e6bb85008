package dev.muster.protocol.config;

import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Reads and writes amounts with their units: `10s`, `64MiB`, `100Mbit`.
public final class Units {
    private static final Pattern AMOUNT = Pattern.compile("([0-9]{1,18})(?:\\.([0-9]{1,3}))? ?([A-Za-z]*)");
    private static final Map<String, Long> BYTES = Map.of(
            "",
            1L,
            "B",
            1L,
            "KiB",
            1L << 10,
            "MiB",
            1L << 20,
            "GiB",
            1L << 30,
            "TiB",
            1L << 40,
            "kB",
            1_000L,
            "MB",
            1_000_000L,
            "GB",
            1_000_000_000L,
            "TB",
            1_000_000_000_000L);
    private static final Map<String, Long> BITS =
            Map.of("bit", 1L, "kbit", 1_000L, "Mbit", 1_000_000L, "Gbit", 1_000_000_000L);
    private static final Map<String, Long> MILLIS =
            Map.of("ms", 1L, "s", 1_000L, "m", 60_000L, "h", 3_600_000L, "d", 86_400_000L);

    private Units() {}

    /// `10s`, `500ms`, `5m`, `24h`, `30d`.
    public static Duration duration(String text) {
        return Duration.ofMillis(amount(text, MILLIS, "a duration such as 500ms, 10s, 5m, 24h or 30d"));
    }

    /// `4096`, `64MiB`, `10GB`.
    public static long bytes(String text) {
        return amount(text, BYTES, "a size such as 64MiB or 10GB");
    }

    /// `100Mbit`, `1Gbit`; a size, as `10MiB`, counts per second; `unlimited` is 0.
    public static long bytesPerSecond(String text) {
        if (text.equals("unlimited")) {
            return 0;
        }
        if (text.endsWith("bit")) {
            return Math.max(1, amount(text, BITS, "a rate such as 100Mbit, 10MiB or unlimited") / 8);
        }
        return amount(text, BYTES, "a rate such as 100Mbit, 10MiB or unlimited");
    }

    /// For people: `1.5 GiB`.
    public static String humanBytes(long bytes) {
        String[] units = {"B", "KiB", "MiB", "GiB", "TiB", "PiB"};
        double value = bytes;
        int unit = 0;
        while (value >= 1024 && unit < units.length - 1) {
            value /= 1024;
            unit++;
        }
        return unit == 0 ? bytes + " B" : String.format(Locale.ROOT, "%.1f %s", value, units[unit]);
    }

    private static long amount(String text, Map<String, Long> units, String expected) {
        Matcher matcher = AMOUNT.matcher(text.strip());
        if (!matcher.matches()) {
            throw new IllegalArgumentException("expected " + expected);
        }
        Long unit = units.get(matcher.group(3));
        if (unit == null) {
            throw new IllegalArgumentException("expected " + expected);
        }
        try {
            long whole = Math.multiplyExact(Long.parseLong(matcher.group(1)), unit);
            String fraction = matcher.group(2);
            return fraction == null
                    ? whole
                    : Math.addExact(whole, Math.round(Double.parseDouble("0." + fraction) * unit));
        } catch (ArithmeticException e) {
            throw new IllegalArgumentException("expected " + expected + " below 2^63", e);
        }
    }
}
