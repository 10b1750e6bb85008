package dev.muster.ops.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.muster.bench.sim.Scenario;
import dev.muster.coordinator.rollout.Bound.Rates;
import dev.muster.ops.Ended;
import dev.muster.ops.shell.Json;
import dev.muster.protocol.MusterException.BadConfiguration;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class PlanCommandTest {
    private static final PlannedFleet.Assumed ASSUMED = new PlannedFleet.Assumed(
            new PlannedFleet.Rate(1000, false), new PlannedFleet.Rate(500, false), Duration.ofMillis(10));
    private static final String FLEET = """
            {"hosts":[{"name":"a","site":"hq","up":1000100,"down":1000200,"known":"seen","source":true},
                      {"name":"b","site":"hq","up":0,"down":0,"known":"unknown","source":false},
                      {"name":"b","site":"lab","up":7,"down":9,"known":"label","source":false}],
             "wan":{"hq":{"up":40,"down":0}}}""";

    @TempDir
    Path directory = Path.of("");

    @Test
    void aFleetThatDoesNotExistIsPlannedFor() throws IOException {
        Ended ended = Ended.run(
                "plan", "--json", "--hosts", "12", "--sites", "2", "--image", "32MiB", "--wan", "80Mbit", "--seed",
                "3");

        assertEquals(0, ended.exit(), ended::toString);
        JsonNode plan = Json.parse("plan", ended.out());
        assertEquals("WAN into site2", plan.path("bound").path("bottleneck").asText());
        assertEquals(3.355, plan.path("bound").path("seconds").asDouble(), 0.001);
        assertTrue(plan.path("forecast").path("multiple").asDouble() >= 1, ended::toString);
        assertTrue(plan.path("wanCopies").path("site2").path("in").asDouble() >= 1, ended::toString);
        assertEquals(12, plan.path("fleet").path("hosts").size());
    }

    @Test
    void whatWasPlannedCanBeChangedInAFileAndPlannedAgain() throws IOException {
        Ended first = Ended.run("plan", "--json", "--hosts", "6", "--image", "8MiB");
        Path file = Files.writeString(directory.resolve("fleet.json"), first.out());

        Ended again = Ended.run("plan", "--fleet", file.toString(), "--image", "8MiB");

        assertEquals(0, again.exit(), again::toString);
        assertTrue(again.out().contains("8.0 MiB for each of 5 hosts"), again::toString);
        assertTrue(again.out().contains("bottleneck"), again::toString);
    }

    @Test
    void whatIsNotKnownIsAssumedAndWhatWasOnlySeenMayBeSaidBetter() throws IOException {
        PlannedFleet seen = PlannedFleet.of(Json.parse("fleet", FLEET), ASSUMED);

        assertEquals(
                new Rates(1_000_100, 1_000_200), seen.fleet().hosts().get(0).nic());
        assertEquals(new Rates(1000, 1000), seen.fleet().hosts().get(1).nic());
        assertEquals("b-1", seen.fleet().hosts().get(2).id());
        assertEquals(new Rates(40, 500), seen.fleet().wan().get("hq"));
        assertEquals(new Rates(500, 500), seen.fleet().wan().get("lab"));
        assertEquals(2, seen.receivers());

        PlannedFleet said = PlannedFleet.of(
                Json.parse("fleet", FLEET),
                new PlannedFleet.Assumed(new PlannedFleet.Rate(3000, true), ASSUMED.wan(), ASSUMED.far()));
        Scenario.Fleet fleet = said.fleet();
        assertEquals(new Rates(3000, 3000), fleet.hosts().get(0).nic());
        assertEquals(new Rates(7, 9), fleet.hosts().get(2).nic());
    }

    @Test
    void whatIsAllowedStaysALimitAndIdlingIsNoMeasurement() throws IOException {
        String limited = FLEET.replace("seen", "limit");
        String idle = FLEET.replace("1000100", "12").replace("1000200", "13");
        PlannedFleet.Assumed said =
                new PlannedFleet.Assumed(new PlannedFleet.Rate(1_000_150, true), ASSUMED.wan(), ASSUMED.far());

        assertEquals(
                new Rates(1_000_100, 1_000_150),
                PlannedFleet.of(Json.parse("fleet", limited), said)
                        .fleet()
                        .hosts()
                        .get(0)
                        .nic());
        assertEquals(
                new Rates(1000, 1000),
                PlannedFleet.of(Json.parse("fleet", idle), ASSUMED)
                        .fleet()
                        .hosts()
                        .get(0)
                        .nic());
    }

    @Test
    void whereNobodyHasItOrEverybodyDoesThereIsNothingToPlan() throws IOException {
        JsonNode nobody = Json.parse("fleet", FLEET.replace("true", "false"));
        JsonNode everybody = Json.parse("fleet", FLEET.replace("false", "true"));

        Assertions.assertThrows(BadConfiguration.class, () -> PlannedFleet.of(nobody, ASSUMED));
        String message = Assertions.assertThrows(BadConfiguration.class, () -> PlannedFleet.of(everybody, ASSUMED))
                .getMessage();
        assertTrue(message != null && message.contains("--wiped"), message);
        Ended.run("plan", "--hosts", "5").failed(2, "--image SIZE");
    }
}
