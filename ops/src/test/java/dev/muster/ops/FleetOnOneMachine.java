package dev.muster.ops;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import dev.muster.agent.control.ControlClient;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// A coordinator and some agents, as processes on 127.0.0.1, and commands that are given to them.
final class FleetOnOneMachine implements AutoCloseable {

    private static final String HOOK = """
            #!/bin/sh
            test ! -e "$(dirname "$0")/refuse" || { echo "$1 refused"; exit 1; }
            """;

    private final Path directory;
    private final List<List<String>> settings;
    private final Map<String, String> environment;
    private final List<Running> running = new ArrayList<>();
    private String root = "";
    private String coordinator = "";

    /// With two agents.
    FleetOnOneMachine(Path directory) {
        this(directory, List.of(List.of(), List.of()));
    }

    /// @param settings `key=value`, for each agent
    FleetOnOneMachine(Path directory, List<List<String>> settings) {
        this.directory = directory;
        this.settings = settings;
        this.environment = Map.of(
                "MUSTER_RUNTIME", directory.resolve("run").toString(),
                "MUSTER_OPERATOR", directory.resolve("fleet/operator").toString());
    }

    void start() throws IOException, InterruptedException {
        coordinator = "127.0.0.1:" + freePort();
        root = run("init", path("fleet"), "--coordinator-address", coordinator)
                .json()
                .path("root")
                .asText();
        start("coordinator", "coordinator", "--home", path("fleet/coordinator"), "--set", "cluster.port=0");
        assertEquals(coordinator, running.getFirst().ready().path("address").asText());
        token("token", settings.size());
        Files.writeString(directory.resolve("hook"), HOOK);
        Files.setPosixFilePermissions(directory.resolve("hook"), PosixFilePermissions.fromString("rwxr-xr-x"));
        for (int i = 1; i <= settings.size(); i++) {
            start("agent-" + i, agent(i, "token").toArray(String[]::new));
            assertEquals(true, running.getLast().ready().path("ready").asBoolean());
        }
    }

    /// How agent `i` is started.
    List<String> agent(int i, String tokenFile) {
        List<String> command = new ArrayList<>(List.of(
                "agent",
                "--home",
                home(i),
                "--coordinator",
                coordinator,
                "--token-file",
                path(tokenFile),
                "--root",
                root,
                "--label",
                "name=agent-" + i,
                "--set",
                "swarm.port=0",
                "--set",
                "cluster.port=0",
                "--set",
                "activate.hook=" + path("hook")));
        if (i <= settings.size()) {
            settings.get(i - 1).forEach(setting -> command.addAll(List.of("--set", setting)));
        }
        return command;
    }

    /// Makes a token.
    void token(String file, int uses) throws IOException {
        Ended ended = run("token", "--uses", Integer.toString(uses));
        Files.writeString(directory.resolve(file), ended.json().path("token").asText() + "\n");
    }

    /// A command, with `--json`, run to its end.
    Ended run(String... args) {
        List<String> all = new ArrayList<>(List.of(args));
        all.add("--json");
        return Ended.run(environment, all);
    }

    /// Publishes through the first agent.
    JsonNode publish(Path image, String name) throws IOException {
        return publish(1, image, name).json();
    }

    Ended publish(int agent, Path image, String name, String... more) {
        List<String> args = new ArrayList<>(List.of(
                "publish", image.toString(), "--as", name, "--home", home(agent), "--keys", path("fleet/keys")));
        args.addAll(List.of(more));
        return run(args.toArray(String[]::new));
    }

    /// What an agent says of itself.
    JsonNode agentStatus(int agent) throws IOException {
        try (ControlClient client = ControlClient.open(Path.of(home(agent)), environment)) {
            return client.ask(ControlClient.request("status"));
        }
    }

    /// Whether no image may run, as the hook of each host sees it.
    void refuse(boolean refuse) throws IOException {
        Path file = directory.resolve("refuse");
        if (refuse) {
            Files.createFile(file);
        } else {
            Files.delete(file);
        }
    }

    String path(String name) {
        return directory.resolve(name).toString();
    }

    String home(int agent) {
        return path("agent-" + agent);
    }

    /// What agent `i` has as the running image of a name.
    Path current(int agent, String name) {
        return directory
                .resolve("agent-" + agent)
                .resolve("images")
                .resolve(name)
                .resolve("current");
    }

    /// All of it, by name: the coordinator and the agents.
    Map<String, Running> processes() {
        Map<String, Running> processes = new LinkedHashMap<>();
        for (int i = 0; i < running.size(); i++) {
            processes.put(i == 0 ? "coordinator" : "agent-" + i, running.get(i));
        }
        return processes;
    }

    /// Ends one agent as a service manager does.
    void stop(int agent) throws InterruptedException {
        running.get(agent).stop();
    }

    /// Ends everything as a service manager does.
    void stop() throws InterruptedException {
        for (Running each : running.reversed()) {
            each.stop();
        }
    }

    @Override
    public void close() {
        running.forEach(Running::close);
    }

    private void start(String name, String... args) throws IOException {
        running.add(Running.start(directory, name, environment, List.of(args)));
    }

    /// Free a moment ago, on the way to a program that listens on a port of its file.
    static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
