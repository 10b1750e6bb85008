package dev.muster.bench.lab;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/// How long the processors of this machine were busy and idle since it started, all of them together, in the
/// ticks of proc_stat(5).
record CpuTime(long busy, long idle) {
    /// Ticks a second, USER_HZ: the same on every Linux that Java 25 runs on.
    private static final double TICKS = 100;

    /// Of the fields of a line: user nice system idle iowait irq softirq steal; guests are in user already.
    private static final int FIELDS = 8;

    private static final int IDLE = 3;
    private static final int WAITING = 4;

    static CpuTime now() throws IOException {
        return parse(Files.readAllLines(Path.of("/proc/stat")).getFirst());
    }

    /// @param line the first one, that of all processors
    static CpuTime parse(String line) {
        long[] fields = Arrays.stream(line.strip().split(" +"))
                .skip(1)
                .limit(FIELDS)
                .mapToLong(Long::parseLong)
                .toArray();
        if (!line.startsWith("cpu ") || fields.length < FIELDS) {
            throw new IllegalArgumentException("/proc/stat: expected 'cpu' and " + FIELDS + " numbers, found " + line);
        }
        long idle = fields[IDLE] + fields[WAITING];
        return new CpuTime(Arrays.stream(fields).sum() - idle, idle);
    }

    CpuTime since(CpuTime before) {
        return new CpuTime(busy - before.busy, idle - before.idle);
    }

    double busySeconds() {
        return busy / TICKS;
    }

    double share() {
        return busy + idle == 0 ? 0 : busy / (double) (busy + idle);
    }
}
