package dev.muster.bench.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.muster.bench.sim.Outcome;
import dev.muster.bench.sim.Scenario;
import dev.muster.bench.sim.Simulation;
import dev.muster.coordinator.rollout.Bound;
import dev.muster.coordinator.rollout.Bound.Rates;
import dev.muster.protocol.MusterException.BadConfiguration;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class PlanTest {
    private static final long MIB = 1 << 20;
    private static final Rates GIGABIT = new Rates(Scenario.GIGABIT, Scenario.GIGABIT);

    @Test
    void theSlowestThingIsNamedAndWhatWouldHelp() throws BadConfiguration {
        Plan plan = plan(fleet(10, GIGABIT, new Rates(10 * MIB, 10 * MIB), new Rates(10 * MIB, 5 * MIB)), 64 * MIB);

        assertEquals("WAN into far", plan.bound().bottleneck());
        assertEquals("WAN link into far", plan.remedy().orElseThrow().what());
        assertEquals(
                Duration.ofMillis(6400), plan.remedy().orElseThrow().bound().time());
        assertTrue(plan.times().half().compareTo(plan.times().all()) <= 0);
        assertTrue(plan.multiple() >= 1, "multiple " + plan.multiple());
        assertEquals(0, plan.effort().error());
    }

    @Test
    void whereTwoThingsAreAsSlowNoSingleOneHelps() throws BadConfiguration {
        Plan plan = plan(new Scenario.Fleet(10, 1, GIGABIT, GIGABIT, Scenario.Delays.USUAL), 16 * MIB);

        assertTrue(plan.remedy().isEmpty(), String.valueOf(plan.remedy()));
    }

    @Test
    void ofALongImageAPartIsSimulatedAndTheTimeIsThatOfAll() throws BadConfiguration {
        Scenario.Fleet fleet = new Scenario.Fleet(6, 1, GIGABIT, GIGABIT, Scenario.Delays.USUAL);

        Plan plan = plan(fleet, 20_000 * MIB);

        assertTrue(
                plan.effort().bytes() < 2_000 * MIB,
                "simulated " + plan.effort().bytes());
        assertTrue(plan.multiple() >= 1 && plan.multiple() < 1.2, "multiple " + plan.multiple());
    }

    @Test
    void ofALargeFleetTheSlowestHostsAreAmongThoseSimulated() {
        List<Scenario.Host> hosts = new ArrayList<>();
        for (int i = 0; i < 20_000; i++) {
            Rates rates = i == 7_777 ? new Rates(MIB, MIB) : GIGABIT;
            hosts.add(new Scenario.Host("h" + i, "site" + i % 7, rates, i == 0));
        }
        SequencedMap<String, Rates> wan = new LinkedHashMap<>();
        hosts.forEach(host -> wan.put(host.site(), GIGABIT));

        Sample sample = Sample.of(new Scenario.Fleet(hosts, wan, Scenario.Delays.USUAL), 500 * MIB);

        assertTrue(
                sample.fleet().hosts().size() < 3_000,
                "hosts " + sample.fleet().hosts().size());
        assertTrue(sample.fleet().hosts().contains(hosts.get(7_777)));
        assertTrue(sample.fleet().hosts().contains(hosts.getFirst()));
    }

    @Test
    void aLinkThatIsMuchTooSlowIsNamed() {
        for (long rate : new long[] {1, 10_000}) {
            Scenario.Fleet fleet = fleet(10, GIGABIT, GIGABIT, new Rates(rate, rate));

            String message = String.valueOf(assertThrows(
                            BadConfiguration.class,
                            () -> Plan.of(fleet, 200_000 * MIB, new Plan.Run(1, 10_000), _ -> {}))
                    .getMessage());

            assertTrue(message.endsWith("WAN into far"), message);
        }
    }

    @Test
    void aRunEndsAfterItsEvents() {
        Scenario scenario = Sample.of(new Scenario.Fleet(6, 1, GIGABIT, GIGABIT, Scenario.Delays.USUAL), 64 * MIB)
                .scenario(1);

        Outcome outcome = new Simulation(scenario).run(100, _ -> {});

        assertEquals(100, outcome.effort().events());
        assertEquals(5, outcome.times().unfinished());
    }

    @Test
    void onlyTheSlowestWanLinksAreLookedAt() {
        SequencedMap<String, Rates> wan = new LinkedHashMap<>();
        List<Bound.Host> hosts = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            wan.put("site" + i, new Rates(MIB * (200 - i), MIB * (200 - i)));
            hosts.add(new Bound.Host("h" + i, "site" + i, i == 0, GIGABIT));
        }

        List<String> slowest = Remedy.slowest(new Plan.Parts(hosts, wan), Set.of("site0"));

        assertEquals(Remedy.WAN_MAX, slowest.size());
        assertEquals("site99", slowest.getFirst());
    }

    private static Plan plan(Scenario.Fleet fleet, long bytes) throws BadConfiguration {
        Plan plan = Plan.of(fleet, bytes, 1, _ -> {});
        assertTrue(
                plan.times().half().compareTo(plan.times().most()) <= 0
                        && plan.times().most().compareTo(plan.times().all()) <= 0,
                plan.times()::toString);
        return plan;
    }

    private static Scenario.Fleet fleet(int hosts, Rates nic, Rates near, Rates far) {
        List<Scenario.Host> all = new ArrayList<>();
        for (int i = 0; i < hosts; i++) {
            all.add(new Scenario.Host("h" + i, i % 2 == 0 ? "near" : "far", nic, i == 0));
        }
        SequencedMap<String, Rates> wan = new LinkedHashMap<>();
        wan.put("near", near);
        wan.put("far", far);
        return new Scenario.Fleet(all, wan, Scenario.Delays.USUAL);
    }
}
