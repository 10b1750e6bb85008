package dev.muster.ops.drill;

import com.fasterxml.jackson.databind.JsonNode;
import dev.muster.bench.image.FileTree;
import dev.muster.bench.image.ImageBlocks;
import dev.muster.protocol.config.Units;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

/// The drill: publish, roll out, publish the next version, roll it out while an agent and then the
/// coordinator are killed, roll back; every target compared with its source bit for bit after each.
/// Everything runs below one directory, which is gone afterwards, as are all processes, also when the drill
/// is interrupted.
public final class Drill implements AutoCloseable {
    private static final Duration COMMAND_LIMIT = Duration.ofMinutes(3);
    private static final Duration ROLLOUT_LIMIT = Duration.ofMinutes(4);
    private static final int ROLLOUTS = 3;

    /// The agent that publishes, and the one that is killed.
    private static final int SEED = 1;

    private final Options options;
    private final Path directory;
    private final Consumer<String> say;
    private final Command command;
    private final DrillFleet fleet;
    private final DrillReport report = new DrillReport();
    private boolean closed;

    private Drill(Options options, Path directory, Consumer<String> say) {
        this.options = options;
        this.directory = directory;
        this.say = say;
        this.command = new Command(directory, COMMAND_LIMIT);
        this.fleet = new DrillFleet(directory, command, List.of());
    }

    /// What may be chosen.
    ///
    /// @param agents how many hosts, at least 2
    /// @param image the first version; without it, both are made
    /// @param next the second version
    /// @param keep leave the directory for a look
    public record Options(int agents, Optional<Path> image, Optional<Path> next, boolean keep) {}

    /// @param say is told what happens, a line at a time
    public static Drill open(Options options, Consumer<String> say) throws IOException {
        Path directory = Files.createTempDirectory("muster-drill-");
        Drill drill = new Drill(options, directory, say);
        say.accept("drill in " + directory);
        return drill;
    }

    /// Runs all phases.
    ///
    /// @return what was seen; [Outcome#right] only if every host was right every time
    public Outcome run() throws IOException, InterruptedException {
        long begun = System.nanoTime();
        DrillImages.Pair images = images();
        long changed = ImageBlocks.of(images.next()).changedBytes(ImageBlocks.of(images.first()));
        phase("images: " + images.origin(), begun);

        begun = System.nanoTime();
        fleet.start(options.agents);
        phase("coordinator and " + options.agents + " agents", begun);

        JsonNode v1 = publish(images.first(), "1");
        rollOut("roll out version 1", "disk:1", images.first(), v1, () -> {});
        long seedSent = fleet.sent(SEED);
        report.fact("seedSentBytes", seedSent);
        report.fact("imageWireBytes", v1.path("wireBytes").asLong());
        report.fact("seedSentOverWire", seedSent / (double) v1.path("wireBytes").asLong());

        JsonNode v2 = publish(images.next(), "2");
        report.fact("changedBlockBytes", changed);
        report.fact("deltaBytes", v2.path("newBytes").asLong());
        report.fact("deltaOverChanged", v2.path("newBytes").asLong() / (double) Math.max(1, changed));
        rollOut("roll out version 2, two kill -9", "disk:2", images.next(), v2, this::killSome);

        long before = fleet.sent();
        begun = System.nanoTime();
        command.run("pin", "all", v1.path("manifest").asText(), "--operator", fleet.operator());
        awaitRunning(v1);
        check("roll back to version 1", begun, images.first());
        report.fact("rollbackNetworkBytes", fleet.sent() - before);

        boolean right = report.isRight(options.agents, ROLLOUTS);
        return new Outcome(right, report.text(right), report.json(right));
    }

    /// What a drill saw, for people and for scripts.
    public record Outcome(boolean right, String text, Object json) {}

    @Override
    public synchronized void close() throws IOException {
        if (closed) {
            return;
        }
        closed = true;
        fleet.close();
        if (options.keep) {
            say.accept("kept: " + directory);
        } else {
            FileTree.delete(directory);
        }
    }

    private DrillImages.Pair images() throws IOException, InterruptedException {
        if (options.image.isPresent() && options.next.isPresent()) {
            return new DrillImages.Pair(options.image.get(), options.next.get(), "given");
        }
        return new DrillImages(directory).make();
    }

    private JsonNode publish(Path image, String version) throws IOException, InterruptedException {
        long begun = System.nanoTime();
        JsonNode published = command.run(
                "publish",
                image.toString(),
                "--as",
                "disk:" + version,
                "--home",
                fleet.home(SEED).toString(),
                "--operator",
                fleet.operator(),
                "--keys",
                fleet.keys());
        phase(
                "publish version " + version + ": "
                        + Units.humanBytes(published.path("newBytes").asLong()) + " new",
                begun);
        return published;
    }

    /// Something done while a rollout is under way.
    @FunctionalInterface
    private interface Meanwhile {
        void run() throws IOException, InterruptedException;
    }

    private void rollOut(String name, String reference, Path image, JsonNode published, Meanwhile meanwhile)
            throws IOException, InterruptedException {
        long begun = System.nanoTime();
        FutureTask<JsonNode> order = new FutureTask<>(
                () -> command.run("rollout", "start", reference, "--group", "all", "--operator", fleet.operator()));
        Thread.startVirtualThread(order);
        meanwhile.run();
        ordered(order);
        awaitRunning(published);
        check(name, begun, image);
    }

    /// The coordinator may have been killed before it could answer: then it must know the order all the same.
    private void ordered(FutureTask<JsonNode> order) throws IOException, InterruptedException {
        try {
            order.get();
        } catch (ExecutionException e) {
            say.accept("rollout start: " + e.getCause());
        }
    }

    /// An agent first, as soon as it works on the new version, then the coordinator, while the others go on.
    private void killSome() throws IOException, InterruptedException {
        int last = options.agents;
        AtomicReference<String> state = new AtomicReference<>("");
        DrillFleet.await("an agent works on version 2", ROLLOUT_LIMIT, () -> {
            state.set(fleet.state(last));
            return !state.get().equals("ready");
        });
        Program victim = fleet.agents().getLast();
        victim.kill();
        report.fact("agentKilledWhile", state.get());
        say.accept("killed " + victim.name() + " while " + state.get());
        fleet.coordinator().kill();
        say.accept("killed coordinator");
        victim.start();
        fleet.coordinator().start();
    }

    private void awaitRunning(JsonNode published) throws IOException, InterruptedException {
        String manifest = published.path("manifest").asText();
        fleet.awaitHosts(
                "every host runs " + manifest,
                ROLLOUT_LIMIT,
                host -> host.path("running")
                                .path("disk")
                                .path("manifest")
                                .asText()
                                .equals(manifest)
                        && host.path("state").asText().equals("ready"));
    }

    private void check(String name, long begun, Path image) throws IOException {
        double seconds = (System.nanoTime() - begun) / 1e9;
        int right = 0;
        for (int i = 1; i <= options.agents; i++) {
            if (DrillImages.same(image, fleet.home(i).resolve("images/disk/current"))) {
                right++;
            } else {
                say.accept("agent-" + i + " does not have " + image);
            }
        }
        report.phase(new DrillReport.Phase(name, seconds, right, options.agents - right));
        say.accept(name + ": " + right + " of " + options.agents + " hosts right");
    }

    private void phase(String name, long begun) {
        report.phase(new DrillReport.Phase(name, (System.nanoTime() - begun) / 1e9, -1, 0));
        say.accept(name);
    }
}
