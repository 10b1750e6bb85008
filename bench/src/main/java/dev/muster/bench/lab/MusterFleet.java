package dev.muster.bench.lab;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.muster.agent.control.ControlClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/// A coordinator and an agent on every host of a lab, each a process of the program that is shipped.
final class MusterFleet {
    private static final Duration START_LIMIT = Duration.ofMinutes(3);
    private static final long LOOK_AGAIN_MILLIS = 20;

    /// More programs that start at once than there are processors only keep each other from it.
    private static final int STARTS_AT_ONCE =
            Math.max(2, 2 * Runtime.getRuntime().availableProcessors());
    private static final ObjectMapper JSON = new ObjectMapper();

    /// Small, for there are many: what an agent keeps in memory does not grow with the image.
    private static final String JAVA_OPTIONS = "-Xmx160m -XX:+UseSerialGC -XX:MaxDirectMemorySize=96m";

    private final Testbed testbed;
    private final List<String> launcher;
    private final List<String> settings;
    private final Map<String, String> environment;
    private final Map<Node, Process> agents = new HashMap<>();
    private String root = "";

    /// @param launcher what starts `muster`
    /// @param settings of every agent, `key=value`
    MusterFleet(Testbed testbed, List<String> launcher, List<String> settings) {
        this.testbed = testbed;
        this.launcher = List.copyOf(launcher);
        this.settings = List.copyOf(settings);
        this.environment = Map.of(
                "MUSTER_RUNTIME", testbed.directory().resolve("run").toString(), "MUSTER_JAVA_OPTS", JAVA_OPTIONS);
    }

    /// Makes the fleet; returns when the agents of these hosts are ready.
    void start(List<Node> members) throws IOException, InterruptedException {
        Node coordinator = testbed.topology().coordinator();
        root = command(coordinator, "init", fleet(""), "--fleet", "lab", "--coordinator-address", coordinator.address())
                .path("root")
                .asText();
        Path out = testbed.directory().resolve("coordinator.out");
        Process process = testbed.start(
                coordinator,
                out,
                environment,
                muster("coordinator", "--home", fleet("coordinator"), "--address", coordinator.address()));
        awaitReady(process, out);
        int hosts = testbed.topology().hosts().size();
        JsonNode token =
                command(coordinator, "token", "--uses", Integer.toString(hosts), "--operator", fleet("operator"));
        Files.writeString(tokenFile(), token.path("token").asText());
        for (int first = 0; first < members.size(); first += STARTS_AT_ONCE) {
            List<Node> some = members.subList(first, Math.min(members.size(), first + STARTS_AT_ONCE));
            for (Node host : some) {
                startAgent(host);
            }
            for (Node host : some) {
                awaitReady(agent(host), agentOut(host));
            }
        }
    }

    /// Starts the agent of a host; at its first start it joins the fleet.
    void startAgent(Node host) throws IOException {
        Node coordinator = testbed.topology().coordinator();
        List<String> arguments = new ArrayList<>(List.of(
                "agent",
                "--home",
                home(host).toString(),
                "--coordinator",
                coordinator.address() + ":7443",
                "--token-file",
                tokenFile().toString(),
                "--root",
                root,
                "--address",
                host.address(),
                "--site",
                "site" + host.site(),
                "--label",
                "name=" + host.name()));
        settings.forEach(setting -> arguments.addAll(List.of("--set", setting)));
        agents.put(host, testbed.start(host, agentOut(host), environment, muster(arguments.toArray(String[]::new))));
    }

    /// Starts a hostile peer on a host, which dials all agents; what it prints goes to the file that is
    /// returned.
    Path startHostile(Node host, HostilePeer.Kind kind, Path image) throws IOException, InterruptedException {
        Path peers = testbed.directory().resolve(host.name() + ".peers");
        List<String> lines = new ArrayList<>();
        for (Node agent : agents.keySet()) {
            JsonNode status = status(agent);
            lines.add(status.path("id").asText() + " " + status.path("site").asText() + " "
                    + status.path("address").asText());
        }
        Files.write(peers, lines);
        List<String> command = List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-XX:+UseSerialGC",
                "-Xmx128m",
                "-cp",
                System.getProperty("java.class.path"),
                HostilePeer.class.getName(),
                kind.name(),
                home(host).toString(),
                testbed.topology().coordinator().address() + ":7443",
                tokenFile().toString(),
                root,
                host.address(),
                "site" + host.site(),
                image.toString(),
                peers.toString());
        Process process = testbed.start(host, agentOut(host), environment, command);
        awaitReady(process, agentOut(host));
        return agentOut(host);
    }

    /// What an agent has said on standard error.
    List<String> log(Node host) throws IOException {
        return Files.readAllLines(Testbed.errors(agentOut(host)));
    }

    /// Kills the agent of a host with -9.
    void kill(Node host) throws IOException, InterruptedException {
        testbed.kill(agent(host));
    }

    /// Of all agents, since each started.
    ThreadTimes threads() throws IOException {
        return ThreadTimes.of(agents.values());
    }

    private Process agent(Node host) throws IOException {
        Process process = agents.get(host);
        if (process == null) {
            throw new IOException(host.name() + ": expected an agent, found none");
        }
        return process;
    }

    boolean isAlive(Node host) throws IOException {
        return agent(host).isAlive();
    }

    /// Packs a file on the first host and registers it; what `publish` says.
    JsonNode publish(Path image, String name) throws IOException, InterruptedException {
        Node source = testbed.topology().source();
        return command(
                source,
                "publish",
                image.toString(),
                "--as",
                name,
                "--home",
                home(source).toString(),
                "--operator",
                fleet("operator"),
                "--keys",
                fleet("keys"));
    }

    /// Orders all hosts to run a release; what `rollout start` says.
    JsonNode pin(String reference) throws IOException, InterruptedException {
        return command(
                testbed.topology().coordinator(),
                "rollout",
                "start",
                reference,
                "--group",
                "all",
                "--operator",
                fleet("operator"));
    }

    /// Changes a setting of the agent of a host; an empty value is the default again.
    void set(Node host, String setting, String value) throws IOException, InterruptedException {
        JsonNode _ = command(
                host, "host", "set", setting + "=" + value, "--home", home(host).toString());
    }

    /// Has the agent of a host fetch an image; the process ends when it is there.
    Process pull(Node host, String reference) throws IOException {
        Path out = scratch(host.name() + "-" + reference.replace(':', '-') + ".pull");
        return testbed.start(
                host,
                out,
                environment,
                muster("pull", reference, "--home", home(host).toString()));
    }

    /// A file that goes with the lab.
    Path scratch(String name) {
        return testbed.directory().resolve(name);
    }

    /// What the agent of a host says of itself.
    JsonNode status(Node host) throws IOException {
        try (ControlClient agent = ControlClient.open(home(host), environment)) {
            return agent.ask(ControlClient.request("status"));
        }
    }

    /// When the image that a manifest names began to run on a host, epoch milliseconds.
    Optional<Double> runsSince(Node host, String name, String manifest) throws IOException {
        Path link = current(host, name);
        if (!Files.isSymbolicLink(link)) {
            return Optional.empty();
        }
        String target = Files.readSymbolicLink(link).toString();
        if (!target.startsWith(manifest.substring("sha256:".length()))) {
            return Optional.empty();
        }
        double seconds =
                Files.getLastModifiedTime(link, LinkOption.NOFOLLOW_LINKS).to(TimeUnit.MICROSECONDS) / 1e3;
        return Optional.of(seconds);
    }

    Path current(Node host, String name) {
        return home(host).resolve("images").resolve(name).resolve("current");
    }

    /// Waits until a release runs on all of these hosts.
    void awaitRunning(List<Node> hosts, String name, String manifest, Duration limit)
            throws IOException, InterruptedException {
        for (Node host : hosts) {
            await(limit, host.name() + " runs " + name, agent(host), agentOut(host), () -> {
                return runsSince(host, name, manifest).isPresent();
            });
        }
    }

    /// A command of an operator, on a host.
    private JsonNode command(Node node, String... arguments) throws IOException, InterruptedException {
        String said = testbed.run(node, environment, muster(arguments));
        try {
            return JSON.readTree(said);
        } catch (JacksonException e) {
            throw new IOException("muster " + arguments[0] + ": expected JSON, found " + said, e);
        }
    }

    private List<String> muster(String... arguments) {
        List<String> command = new ArrayList<>(launcher);
        command.addAll(List.of(arguments));
        command.add("--json");
        return command;
    }

    private void awaitReady(Process process, Path out) throws IOException, InterruptedException {
        await(START_LIMIT, out.getFileName() + " says that it is ready", process, out, () -> Files.size(out) > 0);
    }

    /// Something that is looked at until it is so.
    @FunctionalInterface
    private interface Condition {
        boolean holds() throws IOException, InterruptedException;
    }

    /// @param out what the process prints, for the message should it end
    private static void await(Duration limit, String what, Process process, Path out, Condition condition)
            throws IOException, InterruptedException {
        long until = System.nanoTime() + limit.toNanos();
        while (!condition.holds()) {
            if (!process.isAlive()) {
                throw new IOException("the process ended before " + what + Testbed.lastWords(Testbed.errors(out)));
            }
            if (System.nanoTime() > until) {
                throw new IOException(
                        "not within " + limit.toSeconds() + " s: " + what + Testbed.lastWords(Testbed.errors(out)));
            }
            Thread.sleep(LOOK_AGAIN_MILLIS);
        }
    }

    private Path agentOut(Node host) {
        return testbed.directory().resolve(host.name() + ".out");
    }

    private Path tokenFile() {
        return testbed.directory().resolve("token");
    }

    private Path home(Node host) {
        return testbed.directory(host).resolve("home");
    }

    private String fleet(String part) {
        return testbed.directory().resolve("fleet").resolve(part).toString();
    }
}
