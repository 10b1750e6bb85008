package dev.muster.bench.sim;

import dev.muster.coordinator.rollout.Bound;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;

/// How a run went.
///
/// @param bound the least time that the hosts that stayed and are not hostile could have needed
/// @param times when those had everything
/// @param traffic what moved
/// @param verdict who was named, and who had to be
/// @param effort what the simulation took
public record Outcome(Bound bound, Times times, Traffic traffic, Verdict verdict, Effort effort) {
    /// In seconds of virtual time: of the hosts that were there from the start, since the start; the last of those that
    /// joined late, since it joined.
    ///
    /// @param unfinished how many honest living hosts do not have everything
    public record Times(double p50, double p99, double max, double lateMax, int unfinished) {}

    /// @param sourceCopies how many times the image left its sources
    /// @param wanIn how many times the image came into each site over its WAN link, and `wanOut` went out
    /// @param duplicates share of all frames that came twice or unasked
    public record Traffic(
            double sourceCopies,
            SequencedMap<String, Double> wanIn,
            SequencedMap<String, Double> wanOut,
            double duplicates) {
        double wanInMax() {
            return max(wanIn);
        }

        double wanOutMax() {
            return max(wanOut);
        }

        private static double max(Map<String, Double> copies) {
            return copies.values().stream().mapToDouble(each -> each).max().orElse(0);
        }
    }

    /// @param liars hosts that sent wrong bytes to an honest host
    /// @param blamed hosts that an honest host named
    /// @param wronged honest hosts that an honest host named
    public record Verdict(Set<String> liars, Set<String> blamed, Set<String> wronged) {
        boolean isJust() {
            return blamed.containsAll(liars) && wronged.isEmpty();
        }
    }

    public record Effort(long events, double seconds) {}

    public double overBound(double seconds) {
        return seconds / (bound.time().toNanos() / 1e9);
    }

    /// Whether every honest living host has everything and every liar that was met has been named, and nobody else.
    public boolean isGood() {
        return times.unfinished == 0 && verdict.isJust();
    }
}
