package dev.muster.bench.lab;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/// One table of all outcomes, for people.
final class Report {
    private static final List<String> TITLES = List.of(
            "program",
            "p50 s",
            "p99 s",
            "max s",
            "over bound",
            "source",
            "WAN in/out",
            "payload",
            "CPU s/GiB",
            "busy",
            "");

    private static final int THREADS = 10;

    private Report() {}

    static String table(List<Outcome> outcomes) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(TITLES);
        for (Outcome outcome : outcomes) {
            rows.add(row(outcome));
            if (!outcome.arrivals().late().isEmpty()) {
                rows.add(lateRow(outcome));
            }
        }
        StringBuilder out = new StringBuilder();
        for (List<String> row : rows) {
            StringBuilder line = new StringBuilder();
            for (int column = 0; column < row.size(); column++) {
                String format = column == 0 ? "%-" + Math.max(1, width(rows, column)) + "s"
                        : "  %" + Math.max(1, width(rows, column)) + "s";
                line.append(String.format(Locale.ROOT, format, row.get(column)));
            }
            out.append(line.toString().stripTrailing()).append('\n');
        }
        return out.toString();
    }

    /// What the processes spent most of their time with, of all their processor time.
    static String threads(Outcome outcome) {
        Map<String, Double> seconds = outcome.arrivals().payload().threads().seconds();
        return seconds.entrySet().stream()
                .sorted(Map.Entry.<String, Double>comparingByValue().reversed())
                .limit(THREADS)
                .map(each -> each.getKey() + " " + figure(each.getValue()))
                .collect(Collectors.joining(", "));
    }

    private static List<String> row(Outcome outcome) {
        return List.of(
                outcome.name(),
                figure(outcome.percentile(0.5)),
                figure(outcome.percentile(0.99)),
                figure(outcome.last()),
                figure(outcome.overBound()),
                figure(outcome.copies(outcome.wire().source())),
                outcome.wanCopies(),
                outcome.payloadCopies(),
                figure(outcome.cpuSecondsPerGib()),
                Math.round(100 * outcome.cpu().share()) + "%",
                remark(outcome));
    }

    /// Of hosts that came later, only when they were done, counted from their own start.
    private static List<String> lateRow(Outcome outcome) {
        List<Double> sorted = outcome.arrivals().late().stream().sorted().toList();
        String last = figure(sorted.getLast());
        return List.of("  late", figure(sorted.get(sorted.size() / 2)), last, last, "", "", "", "", "", "", "");
    }

    private static String remark(Outcome outcome) {
        if (!outcome.isRight()) {
            return "WRONG BYTES";
        }
        String said = outcome.arrivals().remark();
        return outcome.isValid() ? said : "invalid: the machine was the limit " + said;
    }

    static String figure(double figure) {
        return String.format(Locale.ROOT, "%.2f", figure);
    }

    private static int width(List<List<String>> rows, int column) {
        return rows.stream().mapToInt(row -> row.get(column).length()).max().orElse(0);
    }
}
