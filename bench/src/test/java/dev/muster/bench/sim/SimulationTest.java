package dev.muster.bench.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.muster.coordinator.rollout.Bound.Rates;
import org.junit.jupiter.api.Test;

final class SimulationTest {
    private static final int SEEDS = 200;
    private static final Rates GIGABIT = new Rates(Scenario.GIGABIT, Scenario.GIGABIT);

    @Test
    void smallFleetsWithEverythingThatCanGoWrongComeToAnEnd() {
        for (long seed = 1; seed <= SEEDS; seed++) {
            Outcome outcome = new Simulation(SmallScenarios.of(seed)).run();

            assertTrue(outcome.isGood(), "seed " + seed + ": " + outcome);
        }
    }

    @Test
    void aRunIsItsSeed() {
        Outcome once = new Simulation(SmallScenarios.of(3)).run();
        Outcome again = new Simulation(SmallScenarios.of(3)).run();

        assertEquals(once.times(), again.times());
        assertEquals(once.traffic(), again.traffic());
        assertEquals(once.effort().events(), again.effort().events());
    }

    @Test
    void oneSiteIsCloseToTheBoundAndTheSourceSendsOneCopy() {
        Outcome outcome = run(fleet(40, 1), Scenario.Faults.NONE);

        assertTrue(outcome.overBound(outcome.times().p99()) <= 1.2, outcome.toString());
        assertTrue(outcome.traffic().sourceCopies() <= 1.05, outcome.toString());
    }

    @Test
    void oneCopyGoesIntoEachSite() {
        Outcome outcome = run(fleet(60, 3), Scenario.Faults.NONE);

        assertTrue(outcome.traffic().wanInMax() <= 1.1, outcome.toString());
        assertTrue(outcome.traffic().wanOut().firstEntry().getValue() <= 1.1, outcome.toString());
    }

    @Test
    void halfOfThePeersHostileAreNamedAndDoNoHarm() {
        Outcome outcome = run(fleet(40, 1), new Scenario.Faults(0, 0, 0.5, 0, 0, false));

        assertTrue(outcome.isGood(), outcome.toString());
        assertTrue(!outcome.verdict().liars().isEmpty(), outcome.toString());
    }

    private static Scenario.Fleet fleet(int hosts, int sites) {
        return new Scenario.Fleet(hosts, sites, GIGABIT, GIGABIT, Scenario.Delays.USUAL);
    }

    private static Outcome run(Scenario.Fleet fleet, Scenario.Faults faults) {
        return new Simulation(new Scenario(fleet, new Scenario.Image(128, 1 << 20, 1), faults, 1)).run();
    }
}
