package dev.muster.coordinator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.muster.protocol.MusterException.BadConfiguration;
import dev.muster.protocol.MusterException.Reason;
import dev.muster.protocol.MusterException.Refused;
import dev.muster.protocol.content.Hash;
import dev.muster.protocol.content.ManifestId;
import dev.muster.protocol.net.ReleaseList;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/// Who keeps which release, how many have it, and how one is let go.
final class KeepersTest extends WithCoordinator {
    @Test
    void copiesAreCountedFromFreshReportsOfMembers() throws IOException {
        ManifestId manifest = ManifestId.parse(
                JSON.readTree(fleet.publish("web", "1", 1)).get("manifest").asText());
        JoinedHost one = JoinedHost.join(fleet);
        JoinedHost two = JoinedHost.join(fleet);
        JoinedHost three = JoinedHost.join(fleet);
        assertEquals("0 of 0, 0 coming", spread("web:1"));

        one.reportStock("", manifest);
        two.reportStock("db,w*");
        three.reportStock("all", manifest);
        String all = spread("web:1");
        fleet.operator().delete("/v1/hosts/" + one.id());
        String without = spread("web:1");
        two.reportStock("db,w*", manifest);
        String here = spread("web:1");
        fleet.advance(Duration.ofMinutes(1));

        assertEquals("2 of 2, 1 coming", all);
        assertEquals("1 of 2, 1 coming", without);
        assertEquals("2 of 2, 0 coming", here);
        assertEquals("0 of 0, 0 coming", spread("web:1"), "after a minute without a word");
    }

    @Test
    void aListOfReleasesWakesAKeeperThatWaits() throws Exception {
        JoinedHost host = JoinedHost.join(fleet);
        ReleaseList before = host.client.releases(0, Duration.ZERO);
        Future<ReleaseList> waiting;
        JsonNode image;
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            waiting = threads.submit(
                    (Callable<ReleaseList>) () -> host.client.releases(before.revision(), Duration.ofSeconds(50)));
            image = JSON.readTree(fleet.publish("web", "1", 1));
        }
        Hash release = Hash.parse(image.get("release").asText());

        assertEquals(List.of(), before.entries());
        assertEquals(
                List.of(new ReleaseList.Entry(release, "web", false)),
                waiting.get().entries());
        assertEquals(
                new ReleaseList(waiting.get().revision(), List.of()),
                host.client.releases(waiting.get().revision(), Duration.ZERO));
    }

    @Test
    void aRetiredReleaseIsListedAsSuchAndCannotBeOrdered() throws IOException {
        fleet.publish("web", "1", 1);
        fleet.publish("web", "2", 2);
        JoinedHost host = JoinedHost.join(fleet);
        host.reportStock("all");

        JsonNode retired = retire("web:2", true);

        assertTrue(retired.get("retired").asBoolean());
        assertEquals("0 of 0, 0 coming", spread("web:2"), "nobody is to keep it");
        assertEquals("0 of 1, 1 coming", spread("web:1"));
        assertEquals(
                1,
                host.client.releases(0, Duration.ZERO).entries().stream()
                        .filter(ReleaseList.Entry::retired)
                        .count());
        Refused pin = assertThrows(Refused.class, () -> pin("web:2"));
        assertEquals(Reason.RETIRED, pin.reason());
        assertTrue(String.valueOf(pin.getMessage()).contains("muster image retire web:2 --undo"), pin::toString);
        assertRefused(
                Reason.RETIRED, () -> fleet.operator().post("/v1/rollouts", "{\"ref\":\"web:2\",\"group\":\"all\"}"));
        assertEquals("web:1", image("web").get("image").asText(), "the newest that is not retired");
        assertEquals("web:2", image("web:2").get("image").asText());
    }

    @Test
    void whatIsRetiredStaysSoAfterARestartUntilItIsUndone() throws IOException {
        fleet.publish("web", "1", 1);
        retire("web:1", true);
        retire("web:1", true);
        String images = fleet.operator().get("/v1/images");
        JoinedHost host = JoinedHost.join(fleet);
        ReleaseList list = host.client.releases(0, Duration.ZERO);

        fleet.restart();
        assertEquals(images, fleet.operator().get("/v1/images"));
        retire("web:1", false);
        fleet.restart();

        assertNotEquals(images, fleet.operator().get("/v1/images"));
        assertNotEquals(
                list.revision(),
                fleet.client(host.keys()).releases(0, Duration.ZERO).revision());
        pin("web:1");
    }

    @Test
    void aReleaseThatAPinOrdersIsNotRetiredAndTheWayOnIsNamed() throws IOException {
        fleet.publish("web", "1", 1);
        fleet.publish("web", "2", 2);
        fleet.operator().put("/v1/groups/rack", "{\"match\":{\"rack\":\"a\"}}");
        fleet.operator().post("/v1/pins", "{\"ref\":\"web:1\",\"group\":\"rack\"}");

        Refused refused = assertThrows(Refused.class, () -> retire("web:1", true));

        assertEquals(Reason.PINNED, refused.reason());
        String message = String.valueOf(refused.getMessage());
        assertTrue(message.contains("group rack"), message);
        assertTrue(message.endsWith("muster rollout start web:2 --group rack"), message);
        fleet.operator().post("/v1/pins", "{\"ref\":\"web:2\",\"group\":\"rack\"}");
        retire("web:1", true);
    }

    @Test
    void anUnknownImageNamesTheNextCommand() {
        for (Executable call : List.<Executable>of(
                () -> pin("ghost"),
                () -> retire("ghost", true),
                () -> fleet.operator().post("/v1/rollouts", "{\"ref\":\"ghost:1\",\"group\":\"all\"}"))) {
            Throwable unknown = assertThrows(IOException.class, call);
            assertTrue(String.valueOf(unknown.getMessage()).endsWith("see: muster images"), unknown::toString);
        }
        assertThrows(BadConfiguration.class, () -> fleet.operator().put("/v1/images/web", "{\"retire\":true}"));
    }

    private JsonNode retire(String ref, boolean retired) throws IOException {
        return JSON.readTree(fleet.operator().put("/v1/images/" + ref, "{\"retired\":" + retired + "}"));
    }

    private void pin(String ref) throws IOException {
        fleet.operator().post("/v1/pins", "{\"ref\":\"" + ref + "\"}");
    }

    private JsonNode image(String ref) throws IOException {
        return JSON.readTree(fleet.operator().get("/v1/images/" + ref));
    }

    private String spread(String ref) throws IOException {
        JsonNode image = image(ref);
        return image.get("copies") + " of " + image.get("keepers") + ", " + image.get("coming") + " coming";
    }

    private static void assertRefused(Reason reason, Executable call) {
        assertEquals(reason, assertThrows(Refused.class, call).reason());
    }
}
