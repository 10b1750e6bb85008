package dev.muster.ops;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// A coordinator and two agents, as processes on 127.0.0.1, and commands that are given to them.
final class FleetOnOneMachine implements AutoCloseable {
    private static final int HOSTS = 2;

    private static final String HOOK = """
            #!/bin/sh
            test ! -e "$(dirname "$0")/refuse" || { echo "$1 refused"; exit 1; }
            """;

    private final Path directory;
    private final Map<String, String> environment;
    private final List<Running> running = new ArrayList<>();
    private String root = "";
    private String coordinator = "";

    FleetOnOneMachine(Path directory) {
        this.directory = directory;
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
        token("token", HOSTS);
        Files.writeString(directory.resolve("hook"), HOOK);
        Files.setPosixFilePermissions(directory.resolve("hook"), PosixFilePermissions.fromString("rwxr-xr-x"));
        for (int i = 1; i <= HOSTS; i++) {
            start("agent-" + i, agent(i, "token").toArray(String[]::new));
        }
        for (Running each : running) {
            assertEquals(true, each.ready().path("ready").asBoolean());
        }
    }

    /// How agent `i` is started.
    List<String> agent(int i, String tokenFile) {
        return List.of(
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
                "activate.hook=" + path("hook"));
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
        return run("publish", image.toString(), "--as", name, "--home", home(1), "--keys", path("fleet/keys"))
                .json();
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
