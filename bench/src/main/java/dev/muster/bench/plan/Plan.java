package dev.muster.bench.plan;

import dev.muster.bench.sim.Outcome;
import dev.muster.bench.sim.Scenario;
import dev.muster.bench.sim.Simulation;
import dev.muster.coordinator.rollout.Bound;
import dev.muster.protocol.MusterException.BadConfiguration;
import java.time.Duration;
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
    /// So many events are simulated, some minutes of work; with links of very different rates there are far more.
    static final long EVENTS_MAX = 24_000_000;

    /// A rollout that takes longer is none.
    static final Duration TIME_MAX = Duration.ofDays(3650);

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
    /// @throws BadConfiguration if a link is so slow that it cannot be simulated; the message names it
    public static Plan of(Scenario.Fleet fleet, long bytes, long seed, DoubleConsumer share) throws BadConfiguration {
        return of(fleet, bytes, new Run(seed, EVENTS_MAX), share);
    }

    /// How it is simulated.
    record Run(long seed, long eventsMax) {}

    static Plan of(Scenario.Fleet fleet, long bytes, Run run, DoubleConsumer share) throws BadConfiguration {
        Parts parts = Parts.of(fleet);
        Bound bound = parts.bound(bytes);
        if (bound.time().compareTo(TIME_MAX) > 0) {
            throw new BadConfiguration("plan: expected a rollout of at most " + TIME_MAX.toDays()
                    + " days, found at least " + bound.time().toDays() + "; the slowest is: " + bound.bottleneck());
        }
        Sample sample = Sample.of(fleet, bytes);
        double part = sample.whole() ? 1 : 2 / 3.0;
        Outcome outcome = run(sample, run, done -> share.accept(part * done));
        Outcome.Times seen = outcome.times();
        double seconds = outcome.effort().seconds();
        Times times = new Times(duration(seen.p50()), duration(seen.p99()), duration(seen.max()));
        double error = 0;
        if (!sample.whole()) {
            Sample half = sample.half();
            Outcome shorter = run(half, run, done -> share.accept(part + (1 - part) * done));
            seconds += shorter.effort().seconds();
            Scale scale = new Scale(
                    sample, half, bytes, bound, seconds(outcome.bound().time()));
            double all = Math.max(
                    seconds(bound.time()),
                    scale.seconds(seen.max(), shorter.times().max()));
            double most =
                    Math.min(all, scale.seconds(seen.p99(), shorter.times().p99()));
            double many =
                    Math.min(most, scale.seconds(seen.p50(), shorter.times().p50()));
            times = new Times(duration(many), duration(most), duration(all));
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

    private static Outcome run(Sample sample, Run run, DoubleConsumer share) throws BadConfiguration {
        Outcome outcome = new Simulation(sample.scenario(run.seed)).run(run.eventsMax, share);
        if (outcome.times().unfinished() > 0) {
            throw new BadConfiguration("plan: expected that every host gets the image, found "
                    + outcome.times().unfinished() + " that lack it after "
                    + outcome.effort().events() + " simulated events; the slowest is: "
                    + outcome.bound().bottleneck());
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
