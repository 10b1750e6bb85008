package dev.muster.bench.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

final class ReportTest {
    private static final long BYTES = 1 << 30;

    @Test
    void aRowSaysWhatEachCameTo() {
        SortedMap<String, Double> seconds = new TreeMap<>();
        ThreadTimes.add("7 (cpu-1) S 1 1 1 0 -1 1 1 1 1 1 150 50 0 0 20 0", seconds);
        ThreadTimes.add("8 (cpu-2) S 1 1 1 0 -1 1 1 1 1 1 100 0 0 0 20 0", seconds);
        ThreadTimes.add("9 (VM (x) Thread) S 1 1 1 0 -1 1 1 1 1 1 0 25 0 0 20 0", seconds);
        ThreadTimes times = new ThreadTimes(seconds);
        Contender.Arrivals arrivals = new Contender.Arrivals(
                0,
                List.of(3.0, 1.0, 2.0, 4.0),
                List.of(),
                4,
                new Contender.Payload(BYTES + BYTES / 10, List.of(0L, BYTES), BYTES, times),
                "");
        Outcome.Wire wire = new Outcome.Wire(
                BYTES * 2, List.of(new Outcome.Crossed(5, BYTES * 3 / 2), new Outcome.Crossed(BYTES * 5 / 4, 7)));
        Outcome ours = new Outcome("muster", 2, BYTES, arrivals, wire, new CpuTime(1200, 800));

        assertEquals("""
                program  p50 s  p99 s  max s  over bound  source   WAN in/out      payload  CPU s/GiB  busy
                muster    2.00   4.00   4.00        2.00    2.00  1.25 / 1.50  1.10 / 1.00       3.00   60%
                """, Report.table(List.of(ours)));
        assertEquals("cpu 3.00, VM (x) Thread 0.25", Report.threads(ours));
    }

    @Test
    void thoseThatCameLaterHaveARowOfTheirOwn() {
        Contender.Arrivals arrivals = new Contender.Arrivals(
                0, List.of(3.0), List.of(5.0, 6.0), 3, Contender.Payload.UNKNOWN, "");
        Outcome ours =
                new Outcome("muster", 2, BYTES, arrivals, new Outcome.Wire(BYTES, List.of()), new CpuTime(600, 1400));

        assertEquals("""
                program  p50 s  p99 s  max s  over bound  source  WAN in/out  payload  CPU s/GiB  busy
                muster    3.00   3.00   3.00        1.50    1.00           -        -       6.00   30%
                  late    6.00   6.00   6.00
                """, Report.table(List.of(ours)));
    }

    @Test
    void aBusyMachineMakesARunInvalidAndAMissingByteMakesItWrong() {
        Contender.Arrivals all = new Contender.Arrivals(0, List.of(1.0), List.of(), 1, Contender.Payload.UNKNOWN, "");
        Contender.Arrivals none = new Contender.Arrivals(0, List.of(1.0), List.of(), 0, Contender.Payload.UNKNOWN, "");
        Outcome.Wire wire = new Outcome.Wire(BYTES, List.of());

        assertFalse(new Outcome("muster", 1, BYTES, all, wire, new CpuTime(91, 9)).isValid());
        assertFalse(new Outcome("muster", 1, BYTES, none, wire, new CpuTime(9, 91)).isRight());
    }
}
