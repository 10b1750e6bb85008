package dev.muster.bench.sim;

import dev.muster.coordinator.rollout.Bound;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;

/// Adds up what a run left behind.
final class Outcomes {
    private static final double NANOS = 1e9;

    private Outcomes() {}

    static Outcome of(Simulation run, Bound bound, List<SimulatedHost> late, Outcome.Effort effort) {
        return new Outcome(bound, times(run, new HashSet<>(late)), traffic(run), verdict(run), effort);
    }

    private static Outcome.Times times(Simulation run, Set<SimulatedHost> late) {
        List<SimulatedHost> honest = run.hosts().stream()
                .filter(host -> host.isHonest() && host.isAlive())
                .toList();
        double[] early = honest.stream()
                .filter(host -> !late.contains(host) && host.finished >= 0)
                .mapToDouble(host -> host.finished / NANOS)
                .sorted()
                .toArray();
        double lateMax = honest.stream()
                .filter(host -> late.contains(host) && host.finished >= 0)
                .mapToDouble(host -> (host.finished - host.joined) / NANOS)
                .max()
                .orElse(0);
        return new Outcome.Times(at(early, 0.5), at(early, 0.99), at(early, 1), lateMax, run.unfinished());
    }

    private static double at(double[] sorted, double share) {
        return sorted.length == 0 ? 0 : sorted[(int) Math.ceil(share * sorted.length) - 1];
    }

    private static Outcome.Traffic traffic(Simulation run) {
        long received = 0;
        long wasted = 0;
        long sent = 0;
        for (SimulatedHost host : run.hosts()) {
            sent += host.source ? host.sentBytes() : 0;
            received += host.isHonest() ? host.received : 0;
            wasted += host.isHonest() ? host.wasted : 0;
        }
        return new Outcome.Traffic(
                sent / (double) run.scenario().image().bytes(),
                copies(run, site -> site.in),
                copies(run, site -> site.out),
                wasted / (double) Math.max(1, received));
    }

    private static SequencedMap<String, Double> copies(Simulation run, Function<SimulatedSite, Pipe> link) {
        SequencedMap<String, Double> copies = new LinkedHashMap<>();
        long image = run.scenario().image().bytes();
        for (SimulatedSite site : run.sites()) {
            copies.put(site.name, link.apply(site).bytes() / (double) image);
        }
        return copies;
    }

    private static Outcome.Verdict verdict(Simulation run) {
        Set<String> honest = run.hosts().stream()
                .filter(SimulatedHost::isHonest)
                .map(host -> host.id)
                .collect(Collectors.toSet());
        Set<String> blamed = new TreeSet<>();
        Set<String> wronged = new TreeSet<>();
        for (SimulatedHost host : run.hosts()) {
            if (host.isHonest()) {
                blamed.addAll(host.blamed);
                host.blamed.stream().filter(honest::contains).forEach(wronged::add);
            }
        }
        return new Outcome.Verdict(new TreeSet<>(run.liars()), blamed, wronged);
    }
}
