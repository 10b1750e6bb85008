package dev.muster.ops.drill;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.muster.agent.control.ControlClient;
import dev.muster.protocol.MusterException.Unreachable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// An agent killed with -9 at random moments of a pull over a link of capped rate: it goes on where it was,
/// fetches little again, and ends with the right bytes. `-Dmuster.kill.rounds=N -Dmuster.kill.seed=N` for
/// other rounds.
final class KillRoundsTest {
    private static final long AGAIN_MAX = 32L << 20;
    private static final Duration LIMIT = Duration.ofMinutes(2);
    private static final int MIB = 1 << 20;

    @TempDir
    Path dir;

    @Test
    @Tag("long")
    @Timeout(1200)
    void aPullOf576MebibytesSurvives20Kills() throws Exception {
        kill(Integer.getInteger("muster.kill.rounds", 20), 576, "400Mbit", 500);
    }

    @Test
    @Timeout(180)
    void aPullSurvivesTwoKills() throws Exception {
        kill(2, 72, "240Mbit", 600);
    }

    private void kill(int rounds, int mebibytes, String rate, int millisMax) throws Exception {
        long seed = Long.getLong("muster.kill.seed", System.nanoTime());
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        Path image = image(random, mebibytes);
        Command command = new Command(dir, Duration.ofMinutes(3));
        try (DrillFleet fleet = new DrillFleet(dir, command, List.of("--set", "swarm.upload-limit=" + rate))) {
            fleet.start(2);
            JsonNode published = publish(command, fleet, image);
            String manifest = published.path("manifest").asText();
            long wasted = 0;
            List<Long> again = new ArrayList<>();
            for (int round = 1; round <= rounds; round++) {
                long sent = sent(fleet);
                pull(fleet, manifest);
                DrillFleet.await("bytes flow", LIMIT, () -> sent(fleet) > sent + MIB);
                Thread.sleep(random.nextInt(millisMax));
                fleet.agents().get(1).kill();
                long sentAtKill = settled(fleet);
                fleet.agents().get(1).start();
                DrillFleet.await("the agent answers", LIMIT, () -> answers(fleet));
                long kept = kept(fleet);
                again.add(sentAtKill - kept - wasted);
                wasted = sentAtKill - kept;
                System.out.printf(
                        Locale.ROOT,
                        "round %d: sent %d, kept %d, to be fetched again %d%n",
                        round,
                        sentAtKill,
                        kept,
                        again.getLast());
                assertTrue(again.getLast() <= AGAIN_MAX, "seed " + seed + " round " + round + ": " + again.getLast());
            }
            command.run("pull", manifest, "--home", fleet.home(2).toString());
            long kept = kept(fleet);
            assertEquals(published.path("wireBytes").asLong(), kept);
            Path restored = dir.resolve("restored.img");
            command.run(
                    "restore",
                    manifest,
                    restored.toString(),
                    "--home",
                    fleet.home(2).toString());
            assertTrue(DrillImages.same(image, restored), "seed " + seed + ": a wrong byte");
        }
    }

    private static JsonNode publish(Command command, DrillFleet fleet, Path image)
            throws IOException, InterruptedException {
        return command.run(
                "publish",
                image.toString(),
                "--as",
                "disk:1",
                "--home",
                fleet.home(1).toString(),
                "--operator",
                fleet.operator(),
                "--keys",
                fleet.keys());
    }

    /// Asks for the image and does not wait for it.
    private void pull(DrillFleet fleet, String manifest) {
        Thread.ofVirtual().start(() -> {
            try (ControlClient client = ControlClient.open(fleet.home(2), environment())) {
                client.ask(ControlClient.request("pull").put("ref", manifest));
            } catch (IOException _) {
                // The agent is killed meanwhile; that is the point.
            }
        });
    }

    private boolean answers(DrillFleet fleet) throws IOException {
        try {
            return ask(fleet, 2, "status").has("id");
        } catch (Unreachable _) {
            return false;
        }
    }

    private long sent(DrillFleet fleet) throws IOException {
        return ask(fleet, 1, "status").path("sent").asLong();
    }

    /// What the first agent has sent when it has noticed that the other is gone.
    private long settled(DrillFleet fleet) throws IOException, InterruptedException {
        long before = -1;
        long now = sent(fleet);
        while (now != before) {
            Thread.sleep(400);
            before = now;
            now = sent(fleet);
        }
        return now;
    }

    /// How much of the image the second agent has on its disk: random bytes do not shrink, so each chunk of 1 MiB is a
    /// record with 4 KiB of head and 8 KiB of hashes before it.
    private long kept(DrillFleet fleet) throws IOException {
        JsonNode stat = ask(fleet, 2, "stat");
        return stat.path("chunkBytes").asLong() - 3 * 4096 * stat.path("chunks").asLong();
    }

    private JsonNode ask(DrillFleet fleet, int agent, String verb) throws IOException {
        try (ControlClient client = ControlClient.open(fleet.home(agent), environment())) {
            return client.ask(ControlClient.request(verb));
        }
    }

    private Map<String, String> environment() {
        return Map.of("MUSTER_RUNTIME", dir.resolve("run").toString());
    }

    private Path image(Random random, int mebibytes) throws IOException {
        Path image = dir.resolve("image.img");
        byte[] bytes = new byte[MIB];
        try (var out = Files.newOutputStream(image)) {
            for (int i = 0; i < mebibytes; i++) {
                random.nextBytes(bytes);
                out.write(bytes);
            }
        }
        return image;
    }
}
