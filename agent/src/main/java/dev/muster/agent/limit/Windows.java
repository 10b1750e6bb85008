package dev.muster.agent.limit;

import dev.muster.protocol.config.Units;
import java.time.DayOfWeek;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.format.DateTimeParseException;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/// Times of the day in which this host sends and receives less: `mon-fri 08:00-18:00 50Mbit, 22:00-02:00
/// 1Gbit`.
///
/// Without days a window is every day's. One that ends before it begins goes on into the next day. Where
/// several overlap the lowest rate counts.
public record Windows(List<Window> all) {
    public static final Windows NONE = new Windows(List.of());
    private static final int WINDOWS_MAX = 32;
    private static final String EXPECTED = "expected windows such as mon-fri 08:00-18:00 50Mbit";

    public Windows {
        all = List.copyOf(all);
        if (all.size() > WINDOWS_MAX) {
            throw new IllegalArgumentException("expected at most " + WINDOWS_MAX + " windows");
        }
    }

    /// One of them.
    ///
    /// @param days on which it begins
    /// @param bytesPerSecond in each direction
    public record Window(Set<DayOfWeek> days, LocalTime from, LocalTime until, long bytesPerSecond) {
        public Window {
            days = Set.copyOf(days);
        }

        boolean contains(LocalDateTime when) {
            LocalTime time = when.toLocalTime();
            if (from.isBefore(until)) {
                return days.contains(when.getDayOfWeek()) && !time.isBefore(from) && time.isBefore(until);
            }
            return time.isBefore(until)
                    ? days.contains(when.getDayOfWeek().minus(1))
                    : days.contains(when.getDayOfWeek()) && !time.isBefore(from);
        }
    }

    /// @throws IllegalArgumentException saying what was expected
    public static Windows parse(String text) {
        return text.isBlank()
                ? NONE
                : new Windows(Stream.of(text.split(",", -1))
                        .map(String::strip)
                        .map(Windows::window)
                        .toList());
    }

    /// The lower of `bytesPerSecond` and what the windows say; 0 is no limit.
    public long limit(long bytesPerSecond, LocalDateTime when) {
        long lowest = bytesPerSecond == 0 ? Long.MAX_VALUE : bytesPerSecond;
        for (Window window : all) {
            if (window.contains(when)) {
                lowest = Math.min(lowest, window.bytesPerSecond);
            }
        }
        return lowest == Long.MAX_VALUE ? 0 : lowest;
    }

    private static Window window(String text) {
        String[] words = text.split(" +", -1);
        if (words.length < 2 || words.length > 3) {
            throw new IllegalArgumentException(EXPECTED);
        }
        Set<DayOfWeek> days = words.length == 3 ? days(words[0]) : EnumSet.allOf(DayOfWeek.class);
        String[] times = words[words.length - 2].split("-", -1);
        long rate = Units.bytesPerSecond(words[words.length - 1]);
        if (times.length != 2 || rate == 0) {
            throw new IllegalArgumentException(EXPECTED);
        }
        return new Window(days, time(times[0]), time(times[1]), rate);
    }

    /// `sat`, or `mon-fri`.
    private static Set<DayOfWeek> days(String text) {
        String[] ends = text.split("-", -1);
        if (ends.length > 2) {
            throw new IllegalArgumentException(EXPECTED);
        }
        Set<DayOfWeek> days = EnumSet.noneOf(DayOfWeek.class);
        DayOfWeek last = day(ends[ends.length - 1]);
        for (DayOfWeek day = day(ends[0]); ; day = day.plus(1)) {
            days.add(day);
            if (day == last) {
                return days;
            }
        }
    }

    private static DayOfWeek day(String text) {
        return Stream.of(DayOfWeek.values())
                .filter(day -> day.name().substring(0, 3).equalsIgnoreCase(text))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(EXPECTED));
    }

    private static LocalTime time(String text) {
        try {
            return LocalTime.parse(text.equals("24:00") ? "00:00" : text);
        } catch (DateTimeParseException e) {
            throw new IllegalArgumentException(EXPECTED, e);
        }
    }
}
