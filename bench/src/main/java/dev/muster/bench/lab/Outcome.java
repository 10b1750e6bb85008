package dev.muster.bench.lab;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/// What one contender came to in one run.
///
/// @param bound the least seconds that any program needs
/// @param bytes the length of the image
record Outcome(String name, double bound, long bytes, Contender.Arrivals arrivals, Wire wire, CpuTime cpu) {
    /// A machine that is busier measures itself.
    static final double BUSY_MAX = 0.9;

    private static final double GIB = 1L << 30;

    /// What the links moved, with headers.
    ///
    /// @param source what the first host sent
    /// @param wan of each site's link, what came in and what went out; empty with one site
    record Wire(long source, List<Crossed> wan) {
        Wire {
            wan = List.copyOf(wan);
        }
    }

    record Crossed(long in, long out) {}

    /// @param part 0.5 for the median
    double percentile(double part) {
        List<Double> sorted = arrivals.seconds().stream().sorted().toList();
        return sorted.isEmpty() ? Double.NaN : sorted.get((int) Math.ceil(part * sorted.size()) - 1);
    }

    double last() {
        return percentile(1);
    }

    double overBound() {
        return last() / bound;
    }

    double copies(long sent) {
        return sent / (double) bytes;
    }

    double cpuSecondsPerGib() {
        return cpu.busySeconds() / (bytes * (double) arrivals.seconds().size() / GIB);
    }

    boolean isValid() {
        return cpu.share() <= BUSY_MAX;
    }

    boolean isRight() {
        return arrivals.right() == arrivals.seconds().size() + arrivals.late().size();
    }

    /// For scripts.
    Map<String, Object> json() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("name", name);
        json.put("bound", bound);
        json.put("p50", percentile(0.5));
        json.put("p99", percentile(0.99));
        json.put("max", last());
        json.put("maxOverBound", overBound());
        json.put("seconds", arrivals.seconds());
        json.put("late", arrivals.late());
        json.put("right", isRight());
        json.put("valid", isValid());
        json.put("cpuSecondsPerGib", cpuSecondsPerGib());
        json.put("cpuShare", cpu.share());
        json.put("remark", arrivals.remark());
        json.put("wire", wire);
        json.put("sourceBytesPerSecond", wire.source / last());
        json.put("sourceCopies", copies(wire.source));
        json.put("wanInCopies", wire.wan.stream().map(each -> copies(each.in)).toList());
        json.put("wanOutCopies", wire.wan.stream().map(each -> copies(each.out)).toList());
        json.put("payload", arrivals.payload());
        return json;
    }

    /// The most copies that came into a site which is not the source's, and what went out of the source's.
    String wanCopies() {
        if (wire.wan.isEmpty()) {
            return "-";
        }
        double in = IntStream.range(1, wire.wan.size())
                .mapToDouble(site -> copies(wire.wan.get(site).in))
                .max()
                .orElse(0);
        return Report.figure(in) + " / " + Report.figure(copies(wire.wan.getFirst().out));
    }

    /// The same by the contender's own count of bytes in.
    String payloadCopies() {
        Contender.Payload payload = arrivals.payload();
        if (payload.source() < 0) {
            return "-";
        }
        String source = Report.figure(copies(payload.source()));
        return payload.wanIn().isEmpty()
                ? source
                : source + " / "
                        + Report.figure(copies(payload.wanIn().stream()
                                .skip(1)
                                .max(Long::compare)
                                .orElse(0L)));
    }
}
