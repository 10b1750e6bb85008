package dev.muster.bench.sim;

import dev.muster.coordinator.rollout.Bound.Rates;
import java.util.SplittableRandom;

/// Small fleets with everything that can go wrong, one for each seed.
public final class SmallScenarios {
    private SmallScenarios() {}

    public static Scenario of(long seed) {
        SplittableRandom chance = new SplittableRandom(seed);
        long rate = Scenario.GIGABIT / (1 + chance.nextInt(10));
        Rates nic = new Rates(rate, rate);
        int sites = 1 + chance.nextInt(4);
        int hosts = 2 * sites + chance.nextInt(24);
        long thin = rate / (1 + chance.nextInt(4));
        Scenario.Fleet fleet =
                new Scenario.Fleet(hosts, sites, nic, new Rates(thin, thin), Scenario.Delays.USUAL);
        Scenario.Image image = new Scenario.Image(1 + chance.nextInt(60), 1 << 20, 1 << chance.nextInt(3));
        Scenario.Faults faults = new Scenario.Faults(
                some(chance, 0.4),
                some(chance, 0.4),
                some(chance, 0.5),
                some(chance, 0.3),
                some(chance, 0.02),
                chance.nextInt(4) == 0);
        return new Scenario(fleet, image, faults, seed);
    }

    private static double some(SplittableRandom chance, double most) {
        return chance.nextInt(2) == 0 ? 0 : chance.nextDouble() * most;
    }
}
