package dev.muster.ops;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.muster.chunkstore.Tool;
import dev.muster.protocol.Eventually;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/// The whole job, in the order in which an operator does it, with the shipped program: a fleet is made, images are
/// published, rolled out and rolled back, restored and verified; and what goes wrong is said in a line. Other fleets
/// do the same in the classes that extend this one.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(OrderAnnotation.class)
class EndToEndTest {
    private static final long SEED = 20;
    private static final int LENGTH = 16 << 20;
    private static final int DATA = 6 << 20;
    private static final int CHANGE_AT = 3 << 20;
    private static final int CHANGED = 80 << 10;

    private final Path directory;
    private final Path first;
    private final Path second;
    private FleetOnOneMachine fleet;
    private String firstManifest = "";

    EndToEndTest(@TempDir(cleanup = CleanupMode.ALWAYS) Path directory) {
        this.directory = directory;
        this.first = directory.resolve("first.raw");
        this.second = directory.resolve("second.raw");
    }

    @BeforeAll
    void aFleetIsMade() throws IOException, InterruptedException {
        fleet = new FleetOnOneMachine(directory, settings());
        fleet.start();
        Versions versions = new Versions(SEED, LENGTH, DATA, CHANGE_AT, CHANGED);
        versions.writeNext(first);
        versions.writeNext(second);
    }

    /// Of each agent, `key=value`.
    List<List<String>> settings() throws IOException {
        return List.of(List.of(), List.of());
    }

    @AfterAll
    void everythingEnds() {
        fleet.close();
    }

    @Test
    @Order(1)
    void everyHostIsSeen() throws InterruptedException {
        Eventually.eventually("both hosts report", () -> states().equals(List.of("ready", "ready")));
    }

    private List<String> states() {
        List<String> states = new ArrayList<>();
        status().path("hosts").forEach(host -> states.add(host.path("state").asText()));
        return states;
    }

    private JsonNode status() {
        try {
            return fleet.run("status").json();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    @Order(2)
    void aPublishedImageRunsOnEveryHostOnceItIsRolledOut() throws IOException {
        JsonNode published = fleet.publish(first, "disk:1");
        firstManifest = published.path("manifest").asText();
        JsonNode rollout = fleet.run("rollout", "start", "disk:1", "--group", "all", "--wait")
                .json();

        assertEquals(LENGTH, published.path("length").asLong());
        assertEquals(LENGTH - DATA, published.path("zeroBytes").asLong());
        assertEquals(DATA, published.path("newBytes").asLong());
        assertEquals(0, published.path("parents").size());
        assertEquals(1, published.path("copies").asInt());
        assertEquals("done", rollout.path("state").asText());
        assertEquals(2, rollout.path("hosts").path("done").asInt());
        assertRunning(first);
        for (JsonNode host : status().path("hosts")) {
            assertEquals(
                    firstManifest,
                    host.path("running").path("disk").path("manifest").asText());
        }
    }

    private void assertRunning(Path image) throws IOException {
        for (int agent = 1; agent <= 2; agent++) {
            assertEquals(-1, Files.mismatch(image, fleet.current(agent, "disk")), "agent " + agent);
        }
    }

    @Test
    @Order(3)
    void theNextVersionIsPackedAgainstTheOneBefore() throws IOException {
        JsonNode published = fleet.publish(second, "disk:2");
        fleet.run("rollout", "start", "disk", "--group", "all", "--wait").json();

        assertEquals(CHANGED, published.path("newBytes").asLong());
        assertEquals(firstManifest, published.path("parents").path(0).asText());
        assertRunning(second);
    }

    @Test
    @Order(4)
    void anImageIsRestoredAndVerified() throws IOException {
        Path target = directory.resolve("restored.raw");

        JsonNode restored = fleet.run("restore", "disk:1", target.toString(), "--verify", "--home", fleet.home(2))
                .json();

        assertEquals(-1, Files.mismatch(first, target));
        assertEquals(DATA, restored.path("writtenBytes").asLong());
        assertEquals(true, restored.path("verified").asBoolean());
        fleet.run("verify", firstManifest, target.toString(), "--home", fleet.home(1))
                .json();
        fleet.run("verify", "disk:2", target.toString(), "--home", fleet.home(1))
                .failed(12, "found the first other block at " + CHANGE_AT + " (block " + CHANGE_AT / 4096 + ")");
    }

    @Test
    @Order(5)
    void aPinToTheManifestBeforeIsTheRollback() throws IOException, InterruptedException {
        fleet.run("pin", "all", firstManifest.substring(0, "sha256:".length() + 12))
                .json();

        Eventually.eventually("every host runs the first again", () -> {
            List<String> running = new ArrayList<>();
            status().path("hosts")
                    .forEach(host -> running.add(
                            host.path("running").path("disk").path("manifest").asText()));
            return running.equals(List.of(firstManifest, firstManifest));
        });
        assertRunning(first);
    }

    @Test
    @Order(6)
    void aRolloutThatAHostRefusesFailsAndTheNextOneDoesNot() throws IOException {
        fleet.refuse(true);
        Ended refused = fleet.run("rollout", "start", "disk:2", "--group", "all", "--wait");
        fleet.refuse(false);

        refused.failed(14, "disk refused");
        assertRunning(first);
        fleet.publish(second, "disk:3");
        JsonNode plan = fleet.run("plan", "disk:3", "--home", fleet.home(1)).json();
        JsonNode rollout = fleet.run("rollout", "start", "disk:3", "--group", "all", "--wait")
                .json();
        assertRunning(second);
        assertEquals(1, plan.path("receivers").asInt());
        assertTrue(plan.path("bytes").asLong() <= 2 * CHANGED, plan::toString);
        assertEquals(
                plan.path("forecast").path("all").asDouble(),
                rollout.path("forecast").path("all").asDouble());
    }

    @Test
    @Order(7)
    void whatRotsInAStoreIsFoundByNameAndFetchedAgain() throws IOException {
        Path segment = largest(Path.of(fleet.home(2), "store/segments"));
        try (FileChannel channel = FileChannel.open(segment, StandardOpenOption.WRITE)) {
            int _ = channel.write(ByteBuffer.wrap(new byte[64]), 300_000);
        }

        JsonNode report = fleet.run("store", "scrub", "--rate", "unlimited", "--home", fleet.home(2))
                .json();

        assertEquals(1, report.path("badChunks").asInt());
        assertEquals(1, report.path("repaired").asInt());
        String where = report.path("findings").get(0).path("where").asText();
        assertTrue(where.contains(segment.getFileName().toString()), where);
        Path restored = directory.resolve("after-rot.raw");
        fleet.run("restore", "disk:1", restored.toString(), "--home", fleet.home(2))
                .json();
        assertEquals(-1, Files.mismatch(first, restored));
        assertEquals(
                0,
                fleet.run("store", "scrub", "--rate", "unlimited", "--home", fleet.home(2))
                        .json()
                        .path("findings")
                        .size());
    }

    private static Path largest(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.max(Comparator.comparingLong(file -> file.toFile().length()))
                    .orElseThrow();
        }
    }

    @Test
    @Order(7)
    void whatThereIsCanBeLookedAt() throws IOException {
        assertEquals(3, fleet.run("images").json().path("images").size());
        assertEquals(
                "disk:3",
                fleet.run("image", "show", "disk").json().path("image").asText());
        assertEquals(4, fleet.run("rollout", "list").json().path("rollouts").size());
        assertEquals(
                firstManifest,
                fleet.run("pull", "disk:1", "--home", fleet.home(2))
                        .json()
                        .path("manifest")
                        .asText());
        assertEquals(
                3,
                fleet.run("store", "stat", "--home", fleet.home(2))
                        .json()
                        .path("images")
                        .asInt());
        assertTrue(fleet.run("store", "gc", "--dry-run", "--home", fleet.home(2))
                .json()
                .path("last")
                .isArray());
        JsonNode group =
                fleet.run("group", "set", "one", "--match", "name=agent-1").json();
        assertEquals("agent-1", group.path("match").path("name").asText());
        assertEquals(2, fleet.run("group", "list").json().path("groups").size());
    }

    @Test
    @Order(8)
    void whatIsNotThereIsUnknown() {
        fleet.run("image", "show", "ghost").failed(10, "ghost");
        fleet.run("rollout", "start", "ghost:1", "--group", "all").failed(10, "ghost");
        fleet.run("rollout", "start", "disk:1", "--group", "nobody").failed(10, "nobody");
        fleet.run("pull", "ghost", "--home", fleet.home(1)).failed(10, "ghost");
        fleet.run("restore", "sha256:000000000000", fleet.path("x.raw"), "--home", fleet.home(1))
                .failed(10, "sha256:000000000000");
    }

    @Test
    @Order(8)
    void aUsedUpTokenIsRefused() {
        Ended ended = fleet.run(fleet.agent(4, "token").toArray(String[]::new));

        ended.failed(11, "join token");
        assertTrue(ended.out().contains("\"reason\":\"BAD_TOKEN\""), ended::toString);
    }

    @Test
    @Order(8)
    void aVersionThatIsThereIsRefused() {
        fleet.run(
                        "publish",
                        second.toString(),
                        "--as",
                        "disk:1",
                        "--home",
                        fleet.home(1),
                        "--keys",
                        fleet.path("fleet/keys"))
                .failed(11, "muster image show disk:1");
    }

    @Test
    @Order(8)
    void aCompressedQcow2IsRestoredAsItsGuestSeesIt() throws IOException {
        Tool qemu = Tool.assume("qemu-img");
        Path container = directory.resolve("second.qcow2");
        qemu.run("convert", "-c", "-O", "qcow2", second, container);
        Path target = directory.resolve("second-restored.raw");

        JsonNode published = fleet.publish(container, "qcow:1");
        fleet.run("restore", "qcow:1", target.toString(), "--home", fleet.home(2))
                .json();

        assertTrue(qemu.run("compare", container, target).contains("Images are identical"));
        assertEquals(LENGTH, published.path("length").asLong());
    }

    @Test
    @Order(8)
    void anImageThatWasCutOffIsCorrupt() throws IOException {
        Path cut = directory.resolve("cut.qcow2");
        byte[] start = {'Q', 'F', 'I', (byte) 0xfb, 0, 0, 0, 3, 0};
        Files.write(cut, start);

        fleet.run(
                        "publish",
                        cut.toString(),
                        "--as",
                        "cut:1",
                        "--home",
                        fleet.home(1),
                        "--keys",
                        fleet.path("fleet/keys"))
                .failed(12, "cut.qcow2");
    }

    @Test
    @Order(8)
    void aTargetThatCannotHoldTheImageIsRefused() {
        fleet.run("restore", "disk:1", fleet.path("none/x.raw"), "--home", fleet.home(1))
                .failed(14, "none/x.raw");
    }

    @Test
    @Order(8)
    void aDeviceThatIsTooSmallIsRefused() throws IOException {
        Tool losetup = Tool.assume("losetup");
        org.junit.jupiter.api.Assumptions.assumeTrue(Files.isWritable(Path.of("/dev/loop-control")), "needs root");
        Path file = directory.resolve("small");
        Files.write(file, new byte[1 << 20]);
        String device = losetup.run("--find", "--show", file).strip();
        try {
            fleet.run("restore", "disk:1", device, "--home", fleet.home(1))
                    .failed(14, "expected room for " + LENGTH + " bytes, found " + (1 << 20));
        } finally {
            losetup.run("--detach", device);
        }
    }

    @Test
    @Order(8)
    void aSecondAgentOnAHomeIsRefused() {
        fleet.run(fleet.agent(1, "token").toArray(String[]::new)).failed(15, "is in use by pid");
    }

    @Test
    @Order(8)
    void aPortThatIsTakenIsAMatterOfConfiguration() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            fleet.token("another", 1);
            List<String> agent = new ArrayList<>(fleet.agent(3, "another"));
            agent.addAll(List.of("--set", "cluster.enabled=false", "--set", "swarm.port=" + taken.getLocalPort()));
            fleet.run(agent.toArray(String[]::new)).failed(2, "127.0.0.1:" + taken.getLocalPort());

            fleet.run("init", fleet.path("other")).json();
            fleet.run(
                            "coordinator",
                            "--home",
                            fleet.path("other/coordinator"),
                            "--set",
                            "cluster.enabled=false",
                            "--set",
                            "port=" + taken.getLocalPort())
                    .failed(2, "127.0.0.1:" + taken.getLocalPort());
        }
    }

    @Test
    @Order(9)
    void everythingEndsWellWhenItIsTold() throws InterruptedException {
        fleet.stop();

        fleet.run("status").failed(13, "connection refused");
        fleet.run("pull", "disk:1", "--home", fleet.home(1)).failed(13, "muster agent --home " + fleet.home(1));
    }
}
