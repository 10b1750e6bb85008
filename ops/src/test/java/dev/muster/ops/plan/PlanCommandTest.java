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
    private static final PlannedFleet.Assumed ASSUMED = new PlannedFleet.Assumed(1000, 500, Duration.ofMillis(10));
    private static final String FLEET = """
            {"hosts":[{"name":"a","site":"hq","up":100,"down":200,"known":"seen","source":true},
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

        assertEquals(new Rates(1000, 1000), seen.fleet().hosts().get(0).nic());
        assertEquals(new Rates(1000, 1000), seen.fleet().hosts().get(1).nic());
        assertEquals("b-1", seen.fleet().hosts().get(2).id());
        assertEquals(new Rates(40, 500), seen.fleet().wan().get("hq"));
        assertEquals(new Rates(500, 500), seen.fleet().wan().get("lab"));
        assertEquals(2, seen.receivers());

        PlannedFleet said = PlannedFleet.of(
                Json.parse("fleet", FLEET), new PlannedFleet.Assumed(3000, ASSUMED.wan(), ASSUMED.far()));
        Scenario.Fleet fleet = said.fleet();
        assertEquals(new Rates(3000, 3000), fleet.hosts().get(0).nic());
        assertEquals(new Rates(7, 9), fleet.hosts().get(2).nic());
    }

    @Test
    void nothingThatIsAssumedExceedsWhatOperatorsAllow() throws IOException {
        JsonNode json = Json.parse("fleet", """
                {"hosts":[{"name":"a","site":"hq","up":100,"down":9000,"known":"seen","source":true,
                           "limit":{"up":600,"down":0}},
                          {"name":"b","site":"lab","up":50,"down":0,"known":"limit","limit":{"up":50,"down":0}}],
                 "wan":{"hq":{"up":300,"down":0,"known":"seen","limit":{"up":400,"down":400}}}}""");

        PlannedFleet fleet = PlannedFleet.of(json, ASSUMED);

        assertEquals(new Rates(600, 9000), fleet.fleet().hosts().get(0).nic());
        assertEquals(new Rates(50, 1000), fleet.fleet().hosts().get(1).nic());
        assertEquals(new Rates(400, 400), fleet.fleet().wan().get("hq"));
    }

    @Test
    void whatOthersThanTheGroupRunDoesNotCount() throws IOException {
        JsonNode status = Json.parse("status", """
                {"hosts":[{"id":"1","running":{"web":{"manifest":"m1"}}},{"id":"2","running":{"web":{"manifest":"m2"}}},
                          {"id":"3","running":{"web":{"manifest":"m2"}}}]}""");
        JsonNode capacity = Json.parse(
                "capacity", "{'hosts':[{'id':'1','source':false},{'id':'3','source':true}]}".replace('\'', '"'));
        JsonNode image = Json.object().put("image", "web:3").put("manifest", "m3");

        assertEquals("m1", Lacking.running(image, Lacking.lacking(status, capacity)));
    }

    @Test
    void tooManyHostsOrSitesAndOptionsForNothingAreRefused() {
        Ended.run("plan", "--hosts", "1000000", "--image", "8MiB").failed(2, "found 1000000 hosts");
        Ended.run("plan", "--hosts", "5000", "--sites", "5000", "--image", "8MiB")
                .failed(2, "in 5000 sites");
        Ended.run("plan", "--hosts", "5", "--image", "8MiB", "--wiped").failed(2, "--wiped");
        Ended.run("plan", "--hosts", "5", "--image", "8MiB", "--group", "x").failed(2, "--group");
        Ended.run("plan", "web", "--sites", "2").failed(2, "--sites");
        Ended.run("plan", "web", "--source-link", "1Gbit").failed(2, "--source-link");
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
