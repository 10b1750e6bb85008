package dev.muster.ops.drill;

import com.fasterxml.jackson.databind.JsonNode;
import dev.muster.agent.control.ControlClient;
import dev.muster.ops.fleet.Operator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Predicate;

/// A coordinator and agents on loopback addresses of their own, all with the default ports, as on so many machines.
final class DrillFleet implements AutoCloseable {
    private static final Duration START_LIMIT = Duration.ofSeconds(90);
    private static final Duration LOOK_AGAIN = Duration.ofMillis(200);
    private static final String COORDINATOR_HEAP = "192m";
    private static final String AGENT_HEAP = "320m";

    private final Path directory;
    private final Command command;
    private final List<String> settings;
    private final String network = "127." + ThreadLocalRandom.current().nextInt(2, 254) + "."
            + ThreadLocalRandom.current().nextInt(254) + ".";
    private final List<Program> agents = new CopyOnWriteArrayList<>();
    private final Program coordinator;
    private volatile boolean closed;

    /// @param settings for every agent: `--set`, `key=value`, ...
    DrillFleet(Path directory, Command command, List<String> settings) {
        this.directory = directory;
        this.command = command;
        this.settings = List.copyOf(settings);
        this.coordinator = new Program(
                "coordinator",
                directory,
                COORDINATOR_HEAP,
                List.of("coordinator", "--home", fleet("coordinator").toString(), "--address", network + 1));
    }

    /// A new fleet, its coordinator, and so many agents; returns when all are there.
    void start(int hosts) throws IOException, InterruptedException {
        JsonNode made = command.run(
                "init",
                directory.resolve("fleet").toString(),
                "--fleet",
                "drill",
                "--coordinator-address",
                network + 1);
        coordinator.start();
        String root = made.path("root").asText();
        Path token = directory.resolve("token");
        await("the coordinator answers", START_LIMIT, this::answers);
        Files.writeString(
                token,
                command.run("token", "--uses", Integer.toString(hosts), "--operator", operator())
                        .path("token")
                        .asText());
        for (int i = 1; i <= hosts; i++) {
            List<String> arguments = new ArrayList<>(List.of(
                    "agent",
                    "--home",
                    home(i).toString(),
                    "--coordinator",
                    network + "1:7443",
                    "--token-file",
                    token.toString(),
                    "--root",
                    root,
                    "--address",
                    network + (10 + i),
                    "--label",
                    "name=agent-" + i));
            arguments.addAll(settings);
            if (closed) {
                return;
            }
            agents.add(new Program("agent-" + i, directory, AGENT_HEAP, arguments));
            agents.getLast().start();
        }
        awaitHosts(
                "every agent is ready",
                START_LIMIT,
                host -> host.path("state").asText().equals("ready"));
    }

    List<Program> agents() {
        return agents;
    }

    Program coordinator() {
        return coordinator;
    }

    /// The home of agent `i`, counted from 1.
    Path home(int i) {
        return directory.resolve("agent-" + i);
    }

    String operator() {
        return fleet("operator").toString();
    }

    String keys() {
        return fleet("keys").toString();
    }

    JsonNode status() throws IOException {
        try (Operator operator = Operator.open(fleet("operator"))) {
            return operator.get("/v1/status");
        }
    }

    /// What agent `i` is doing, by its own word.
    String state(int i) throws IOException {
        return ask(i).path("state").asText();
    }

    /// How many bytes of images, headers and pages agent `i` has sent since it started, by its own word at this moment.
    long sent(int i) throws IOException {
        return ask(i).path("sent").asLong();
    }

    /// The same of all agents.
    long sent() throws IOException {
        long sent = 0;
        for (int i = 1; i <= agents.size(); i++) {
            sent += sent(i);
        }
        return sent;
    }

    private JsonNode ask(int i) throws IOException {
        Map<String, String> environment =
                Map.of("MUSTER_RUNTIME", directory.resolve("run").toString());
        try (ControlClient agent = ControlClient.open(home(i), environment)) {
            return agent.ask(ControlClient.request("status"));
        }
    }

    /// Something that is looked at until it is so.
    @FunctionalInterface
    interface Condition {
        boolean holds() throws IOException, InterruptedException;
    }

    /// Waits until it is so.
    static void await(String what, Duration limit, Condition condition) throws IOException, InterruptedException {
        long until = System.nanoTime() + limit.toNanos();
        while (!condition.holds()) {
            if (System.nanoTime() > until) {
                throw new IOException("not within " + limit.toSeconds() + " s: " + what);
            }
            Thread.sleep(LOOK_AGAIN);
        }
    }

    /// Waits until all hosts satisfy the predicate in one status.
    void awaitHosts(String what, Duration limit, Predicate<JsonNode> ready) throws IOException, InterruptedException {
        await(what, limit, () -> {
            try {
                JsonNode hosts = status().path("hosts");
                int count = 0;
                for (JsonNode host : hosts) {
                    count += ready.test(host) ? 1 : 0;
                }
                return count == agents.size();
            } catch (IOException e) {
                return false; // The coordinator is being restarted.
            }
        });
    }

    @Override
    public void close() {
        closed = true;
        agents.forEach(Program::close);
        coordinator.close();
    }

    private boolean answers() throws IOException {
        if (!coordinator.isAlive()) {
            throw new IOException("the coordinator ended: " + coordinator.lastWords());
        }
        try {
            return status().has("hosts");
        } catch (IOException _) {
            return false;
        }
    }

    private Path fleet(String part) {
        return directory.resolve("fleet").resolve(part);
    }
}
