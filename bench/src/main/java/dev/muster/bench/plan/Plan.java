package dev.muster.bench.plan;

import dev.muster.bench.sim.Outcome;
import dev.muster.bench.sim.Scenario;
import dev.muster.bench.sim.Simulation;
import dev.muster.coordinator.rollout.Bound;
import dev.muster.protocol.MusterException.BadConfiguration;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.function.DoubleConsumer;

/// What a rollout is expected to take.
///
/// @param bound the least that it can take
/// @param times when hosts are expected to have all
/// @param traffic what moves, in copies of the image
/// @param remedy what would help most; empty if no single thing does
public record Plan(Bound bound, Times times, Outcome.Traffic traffic, Optional<Remedy> remedy, Effort effort) {
    private static final double NANOS = 1e9;

    /// @param half of the hosts, `most` 99 of 100, `all` the last
    public record Times(Duration half, Duration most, Duration all) {}

    /// What was simulated.
    ///
    /// @param error by what part the times may be wrong because not all was simulated; 0 if all was
    public record Effort(int hosts, long bytes, double seconds, double error) {}

    /// Simulates it: seconds to a minute.
    ///
    /// @param bytes of the image, as it is sent
    /// @param share is told how much of the work is done, at most 1
    /// @throws BadConfiguration if some link is so slow that its host does not get everything in any sensible time
    public static Plan of(Scenario.Fleet fleet, long bytes, long seed, DoubleConsumer share) throws BadConfiguration {
        Parts parts = Parts.of(fleet);
        Bound bound = parts.bound(bytes);
        Sample sample = Sample.of(fleet, bytes);
        double part = sample.whole() ? 1 : 2 / 3.0;
        Outcome outcome = run(sample, seed, done -> share.accept(part * done));
        Outcome.Times seen = outcome.times();
        double seconds = outcome.effort().seconds();
        Times times = new Times(duration(seen.p50()), duration(seen.p99()), duration(seen.max()));
        double error = 0;
        if (!sample.whole()) {
            Sample half = sample.half();
            Outcome shorter = run(half, seed, done -> share.accept(part + (1 - part) * done));
            seconds += shorter.effort().seconds();
            Scale scale = new Scale(
                    sample, half, bytes, bound, seconds(outcome.bound().time()));
            times = new Times(
                    duration(scale.seconds(seen.p50(), shorter.times().p50())),
                    duration(scale.seconds(seen.p99(), shorter.times().p99())),
                    duration(Math.max(
                            seconds(bound.time()),
                            scale.seconds(seen.max(), shorter.times().max()))));
            double plain = outcome.overBound(seen.p99()) * seconds(bound.time());
            error = Math.abs(plain - seconds(times.most)) / Math.max(seconds(times.most), 1 / NANOS);
        }
        Effort effort = new Effort(sample.fleet().hosts().size(), sample.bytes(), seconds, error);
        return new Plan(bound, times, outcome.traffic(), Remedy.best(parts, bytes, bound), effort);
    }

    /// How many times as long as it must the last host is expected to take.
    public double multiple() {
        return bound.multiple(times.all);
    }

    /// From what two samples took to what all takes.
    private record Scale(Sample sample, Sample half, long bytes, Bound bound, double sampleBound) {
        double seconds(double whole, double shorter) {
            double perByte = (whole - shorter) / Math.max(1, sample.bytes() - half.bytes());
            double least = sampleBound * bytes / sample.bytes();
            double taken = Math.max(whole, whole + perByte * (bytes - sample.bytes()));
            return taken * Plan.seconds(bound.time()) / least;
        }
    }

    private static Outcome run(Sample sample, long seed, DoubleConsumer share) throws BadConfiguration {
        Outcome outcome = new Simulation(sample.scenario(seed)).run(share);
        if (outcome.times().unfinished() > 0) {
            Scenario.Machine slowest = sample.fleet().hosts().stream()
                    .min(Comparator.comparingLong(
                            host -> Math.min(host.nic().up(), host.nic().down())))
                    .orElseThrow();
            throw new BadConfiguration("plan: expected every host to end, found "
                    + outcome.times().unfinished() + " that do not; the slowest link is that of " + slowest.id() + ", "
                    + slowest.nic().up() + " bytes a second up and "
                    + slowest.nic().down() + " down");
        }
        return outcome;
    }

    private static double seconds(Duration duration) {
        return duration.toNanos() / NANOS;
    }

    private static Duration duration(double seconds) {
        return Duration.ofNanos((long) (seconds * NANOS));
    }

    /// A fleet as [Bound] wants it.
    record Parts(List<Bound.Host> hosts, SequencedMap<String, Bound.Rates> wan) {
        static Parts of(Scenario.Fleet fleet) {
            return new Parts(
                    fleet.hosts().stream()
                            .map(host -> new Bound.Host(host.id(), host.site(), host.source(), host.nic()))
                            .toList(),
                    fleet.wan());
        }

        Bound bound(long bytes) {
            return Bound.of(bytes, hosts, wan).orElseThrow();
        }
    }
}
