package dev.muster.bench.sim;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import dev.muster.coordinator.rollout.Bound.Rates;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/// The program: see this package's documentation.
public final class Simulate {
    private static final int MEGABIT = 125_000;

    private final Map<String, String> options;

    private Simulate(Map<String, String> options) {
        this.options = options;
    }

    public static void main(String[] args) throws IOException {
        Map<String, String> options = new LinkedHashMap<>();
        for (int i = 0; i < args.length; i++) {
            boolean valued = i + 1 < args.length && !args[i + 1].startsWith("--");
            options.put(args[i].replaceFirst("^--", ""), valued ? args[++i] : "true");
        }
        new Simulate(options).run();
    }

    private void run() throws IOException {
        long first = (long) number("seed", 1);
        long seeds = (long) number("seeds", 1);
        boolean small = options.containsKey("small");
        int bad = 0;
        for (long seed = first; seed < first + seeds; seed++) {
            Scenario scenario = small ? SmallScenarios.of(seed) : scenario(seed);
            try {
                Outcome outcome = new Simulation(scenario).run();
                bad += outcome.isGood() ? 0 : 1;
                if (seeds == 1 || !outcome.isGood()) {
                    print(seed, outcome);
                }
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError("seed " + seed + ": " + e.getMessage(), e);
            }
        }
        if (seeds > 1) {
            System.out.println((seeds - bad) + " of " + seeds + " runs are good, from seed " + first);
        }
        if (bad > 0) {
            System.exit(1);
        }
    }

    private Scenario scenario(long seed) {
        Rates nic = rates("nic", 1000);
        Scenario.Delays usual = Scenario.Delays.USUAL;
        Scenario.Delays delays = new Scenario.Delays(
                usual.near(),
                millis("wan-millis", 10),
                usual.handling(),
                (long) (number("disk", 1000) * 1e6),
                millis("pause-millis", 0));
        return new Scenario(
                new Scenario.Fleet(
                        (int) number("hosts", 100), (int) number("sites", 1), nic, rates("wan", 1000), delays),
                new Scenario.Image(
                        (int) number("chunks", 512), (int) number("chunk-bytes", 1 << 20), (int) number("frames", 1)),
                new Scenario.Faults(
                        number("killed", 0),
                        number("late", 0),
                        number("hostile", 0),
                        number("slow-disks", 0),
                        number("lost", 0),
                        options.containsKey("kill-gateways")),
                seed);
    }

    private Rates rates(String name, double preset) {
        long rate = (long) (number(name, preset) * MEGABIT);
        return new Rates(rate, rate);
    }

    private Duration millis(String name, double preset) {
        return Duration.ofNanos((long) (number(name, preset) * 1e6));
    }

    private double number(String name, double preset) {
        String value = options.get(name);
        return value == null ? preset : Double.parseDouble(value);
    }

    private void print(long seed, Outcome outcome) throws IOException {
        if (options.containsKey("json")) {
            ObjectMapper mapper = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);
            System.out.println(mapper.writeValueAsString(json(seed, outcome)));
            return;
        }
        json(seed, outcome).forEach((name, value) -> System.out.printf(Locale.ROOT, "%-22s %s%n", name, value));
    }

    private static Map<String, Object> json(long seed, Outcome outcome) {
        Map<String, Object> json = new LinkedHashMap<>();
        Outcome.Times times = outcome.times();
        Outcome.Traffic traffic = outcome.traffic();
        json.put("seed", seed);
        json.put("good", outcome.isGood());
        json.put("boundSeconds", rounded(outcome.bound().time().toNanos() / 1e9));
        json.put("bottleneck", outcome.bound().bottleneck());
        json.put("p50OverBound", rounded(outcome.overBound(times.p50())));
        json.put("p99OverBound", rounded(outcome.overBound(times.p99())));
        json.put("maxOverBound", rounded(outcome.overBound(times.max())));
        json.put("lateOverBound", rounded(outcome.overBound(times.lateMax())));
        json.put("unfinished", times.unfinished());
        json.put("sourceCopies", rounded(traffic.sourceCopies()));
        json.put("wanCopiesInMax", rounded(traffic.wanInMax()));
        json.put("wanCopiesOutMax", rounded(traffic.wanOutMax()));
        json.put("wanCopiesOutOfSource", rounded(traffic.wanOut().firstEntry().getValue()));
        json.put("duplicates", rounded(traffic.duplicates()));
        json.put("liars", outcome.verdict().liars().size());
        json.put("blamed", outcome.verdict().blamed().size());
        json.put("wronged", outcome.verdict().wronged());
        json.put("events", outcome.effort().events());
        json.put("seconds", rounded(outcome.effort().seconds()));
        return json;
    }

    private static double rounded(double value) {
        return Math.round(value * 1000) / 1000.0;
    }
}
