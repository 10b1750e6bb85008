package dev.muster.ops;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.muster.ops.shell.Json;
import dev.muster.protocol.Eventually;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/// An image lives on more hosts than the one that published it, and the next version can be published from a host that
/// has nothing of the one before. With the shipped program; the third agent is a keeper.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(OrderAnnotation.class)
final class KeepersEndToEndTest {
    private static final long SEED = 21;
    private static final int LENGTH = 24 << 20;
    private static final int DATA = 20 << 20;
    private static final int CHANGE_AT = 5 << 20;
    private static final int CHANGED = 80 << 10;
    private static final int KEEPER = 3;

    /// Peers are found through the coordinator and each other.
    private static final String NO_CLUSTER = "cluster.enabled=false";

    private final FleetOnOneMachine fleet;
    private final Path first;
    private final Path second;
    private final Path third;
    private String manifest = "";

    KeepersEndToEndTest(@TempDir(cleanup = CleanupMode.ALWAYS) Path directory) {
        this.fleet = new FleetOnOneMachine(
                directory, List.of(List.of(NO_CLUSTER), List.of(NO_CLUSTER), List.of(NO_CLUSTER, "store.keep=d*")));
        this.first = directory.resolve("first.raw");
        this.second = directory.resolve("second.raw");
        this.third = directory.resolve("third.raw");
    }

    @BeforeAll
    void aFleetIsMade() throws IOException, InterruptedException {
        fleet.start();
        Versions versions = new Versions(SEED, LENGTH, DATA, CHANGE_AT, CHANGED);
        versions.writeNext(first);
        versions.writeNext(second);
        new Versions(SEED + 2, LENGTH, 1 << 20, 0, 0).writeNext(third);
    }

    @AfterAll
    void everythingEnds() {
        fleet.close();
    }

    @Test
    @Order(1)
    void publishingEndsWhenAKeeperHasTheImageToo() throws IOException {
        JsonNode published = fleet.publish(1, first, "disk:1", "--copies", "2").json();

        assertEquals(2, published.path("copies").asInt());
        JsonNode image = fleet.run("image", "show", "disk:1").json();
        assertEquals(2, image.path("copies").asInt());
        assertEquals(1, image.path("keepers").asInt());
        assertEquals(0, image.path("coming").asInt());
        assertEquals(1, fleet.agentStatus(KEEPER).path("keep").path("claims").asInt());
    }

    @Test
    @Order(2)
    void aPublisherWithoutTheVersionBeforeMakesTheSameDeltaFromItsHeaders() throws IOException {
        long before = received(2);

        JsonNode without = fleet.publish(2, second, "disk:2").json();
        long cost = received(2) - before;
        JsonNode with = fleet.publish(1, second, "disk:3", "--parent", "disk:1").json();

        manifest = without.path("manifest").asText();
        assertEquals(with.path("manifest").asText(), manifest);
        assertEquals(1, without.path("parents").size());
        assertEquals(CHANGED, without.path("newBytes").asLong());
        assertTrue(cost > 0 && cost < DATA * 3 / 100, cost + " bytes received");
        assertEquals(1, without.path("copies").asInt(), "that of the keeper");
    }

    private long received(int agent) throws IOException {
        JsonNode received = fleet.agentStatus(agent).path("received");
        return received.path("source").asLong()
                + received.path("site").asLong()
                + received.path("wan").asLong();
    }

    @Test
    @Order(3)
    void whatWasPublishedInPartRunsEverywhere() throws IOException {
        fleet.run("rollout", "start", "disk:2", "--group", "all", "--wait").json();

        for (int agent = 1; agent <= KEEPER; agent++) {
            assertEquals(-1, Files.mismatch(second, fleet.current(agent, "disk")), "agent " + agent);
        }
    }

    @Test
    @Order(4)
    void tooFewCopiesAreSaidAndTheReleaseStays() throws IOException {
        Ended ended = fleet.publish(1, third, "other:1", "--copies", "3", "--copies-within", "1s");

        ended.failed(13, "other:1 is published; expected 3 hosts");
        assertTrue(ended.err().contains("set store.keep = other, or all, on more hosts"), ended::toString);
        JsonNode result = Json.parse("output", ended.out());
        assertEquals(13, result.path("error").path("exit").asInt());
        assertEquals(1, result.path("copies").asInt());
        JsonNode image = fleet.run("image", "show", "other").json();
        assertEquals(result.path("release"), image.path("release"));
    }

    @Test
    @Order(5)
    void aRetiredReleaseIsLetGoByKeepersAndCannotBePinned() throws IOException, InterruptedException {
        fleet.run("image", "retire", "disk:2").failed(11, "muster rollout start disk:3 --group all");
        int claims = claims(KEEPER);

        JsonNode retired = fleet.run("image", "retire", "disk:1").json();

        assertTrue(retired.path("retired").asBoolean());
        Eventually.eventually("the keeper lets it go", () -> claims(KEEPER) == claims - 1);
        Eventually.eventually("the publisher lets it go", () -> claims(1) == 2);
        fleet.run("pin", "all", "disk:1").failed(11, "muster image retire disk:1 --undo");
        fleet.run("rollout", "start", "disk:1", "--group", "all").failed(11, "muster image retire disk:1 --undo");
        fleet.run("image", "retire", "disk:1", "--undo").json();
        Eventually.eventually("the keeper keeps it again", () -> claims(KEEPER) == claims);
        fleet.run("pin", "all", "disk:1").json();
    }

    private int claims(int agent) {
        try {
            return fleet.agentStatus(agent).path("keep").path("claims").asInt();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    @Order(6)
    void whatIsNotUnderstoodNamesWhatIs() {
        fleet.publish(1, first, "x:1", "--copies", "0").failed(2, "--copies");
        fleet.run("image", "retire", "ghost").failed(10, "see: muster images");
        fleet.run("pin", "all", "ghost").failed(10, "see: muster images");
    }

    @Test
    @Order(7)
    void aParentThatNobodyHasIsLeftOutAndSaid() throws IOException, InterruptedException {
        new Versions(SEED + 1, LENGTH, DATA, 0, 0).writeNext(second);
        fleet.publish(2, second, "lost:1", "--parent", "other:1").json();
        fleet.stop(2);

        Ended published = fleet.publish(1, second, "lost:2");

        assertTrue(published.err().contains("parent lost:1 is left out"), published::toString);
        assertEquals(DATA, published.json().path("newBytes").asLong());
        assertEquals(0, published.json().path("parents").size());
    }
}
