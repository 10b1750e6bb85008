package dev.muster.ops;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.muster.ops.command.Commands;
import dev.muster.ops.shell.Json;
import dev.muster.ops.shell.Shell;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/// What needs no fleet.
final class CommandLineTest {
    @TempDir
    Path directory = Path.of("");

    @TestFactory
    List<DynamicTest> everyCommandHasHelpWithAnExampleOfItself() {
        List<DynamicTest> tests = new ArrayList<>();
        collect(Commands.of(Shell.ofProcess()), tests);
        assertTrue(tests.size() > 20, () -> "only " + tests.size());
        return tests;
    }

    private static void collect(CommandLine line, List<DynamicTest> tests) {
        String name = line.getCommandSpec().qualifiedName();
        tests.add(DynamicTest.dynamicTest(name, () -> {
            List<String> args = new ArrayList<>(Arrays.asList(name.split(" ")));
            args.removeFirst();
            args.add("--help");
            Ended help = Ended.run(Map.of(), args);
            assertEquals(0, help.exit(), help::toString);
            assertTrue(help.out().contains("Usage: " + name), help::toString);
            String example = help.out().substring(help.out().indexOf("Example:"));
            assertTrue(example.contains("  " + name), help::toString);
        }));
        line.getSubcommands().values().forEach(below -> collect(below, tests));
    }

    @Test
    void optionsMayStandBeforeOrAfterTheVerb() {
        String home = directory.toString();
        Ended before = Ended.run("--json", "--home", home, "--set", "swarm.neighbours=7", "agent", "config");
        Ended after = Ended.run("agent", "config", "--set", "swarm.neighbours=7", "--home", home, "--json");

        assertEquals(0, before.exit(), before::toString);
        assertEquals(before.out(), after.out());
        assertTrue(before.out().contains("\"value\":\"7\""), before::toString);
    }

    @Test
    void theHomeMayComeFromTheEnvironment() {
        List<String> args = List.of("agent", "config");

        assertEquals(
                0, Ended.run(Map.of("MUSTER_HOME", directory.toString()), args).exit());
        Ended.run(Map.of(), args).failed(2, "expected --home DIR or MUSTER_HOME, found neither");
    }

    @Test
    void settingsComeFromTheFileThenTheCommandLineThenTheEnvironment() throws IOException {
        Files.writeString(directory.resolve("agent.conf"), """
                # A comment.
                swarm.port = 1
                swarm.neighbours = 2
                store.path = /file
                """);

        Ended config = Ended.run(
                Map.of("MUSTER_SET_SWARM__PORT", "3"),
                List.of("agent", "config", "--json", "--home", directory.toString(), "--set", "swarm.neighbours=4"));

        assertEquals("3", value(config, "swarm.port"));
        assertEquals("4", value(config, "swarm.neighbours"));
        assertEquals("/file", value(config, "store.path"));
    }

    private static String value(Ended config, String key) throws IOException {
        for (JsonNode line : config.json().path("settings")) {
            if (line.path("key").asText().equals(key)) {
                return line.path("value").asText();
            }
        }
        return "";
    }

    @Test
    void anUnknownSettingNamesTheNearestOne() {
        Ended.run("agent", "config", "--home", directory.toString(), "--set", "swarm.prt=1")
                .failed(2, "swarm.port");
    }

    @Test
    void theVersionIsPrinted() {
        assertTrue(
                Ended.run("--version").out().matches("muster [0-9].*\\R"),
                () -> Ended.run("--version").out());
    }

    @Test
    void withoutACommandThoseThatThereAreAreNamed() {
        Ended.run().failed(2, "publish");
        Ended.run("rollout").failed(2, "start, list, show, watch");
    }

    @Test
    void aWrongOptionPointsToTheHelp() {
        Ended.run("images", "--fast").failed(2, "see: muster images --help");
    }

    @Test
    void aWrongValueSaysWhatWasExpected() {
        Ended.run("token", "--ttl", "long").failed(2, "a duration such as");
        Ended.run("publish", "disk.raw", "--as", "Debian").failed(2, "expected name:version, found Debian");
        Ended.run("agent", "--root", "sha256:12").failed(2, "64 hexadecimal digits");
        Ended.run("init", "x", "--coordinator-address", "no host").failed(2, "expected a host name or IP");
    }

    @Test
    void withJsonAFailureIsAnObjectAndStillALine() throws IOException {
        Ended ended = Ended.run("status", "--operator", directory.toString(), "--json");

        JsonNode error = Json.parse("output", ended.out()).path("error");
        assertEquals(2, error.path("exit").asInt());
        assertEquals("configuration", error.path("kind").asText());
        String line = ended.failed(2, "operator's directory");
        assertEquals(line, "muster: " + error.path("message").asText());
        assertEquals(1, ended.out().lines().count());
    }

    @Test
    void withJsonAWrongCommandLineIsAnObjectToo() throws IOException {
        JsonNode error = Json.parse(
                        "output", Ended.run("status", "--json", "--nothing").out())
                .path("error");

        assertEquals(2, error.path("exit").asInt());
        assertFalse(error.path("message").asText().isEmpty());
    }

    @Test
    void anAgentThatDoesNotRunIsUnreachable() {
        Map<String, String> environment =
                Map.of("MUSTER_RUNTIME", directory.resolve("run").toString());

        Ended.run(environment, List.of("store", "stat", "--home", directory.toString()))
                .failed(13, "start it: muster agent --home " + directory);
    }

    @Test
    void aFirstStartSaysWhatItLacks() {
        Ended.run("agent", "--home", directory.toString(), "--coordinator", "127.0.0.1:1")
                .failed(2, "found only --coordinator; make a token: muster token");
    }

    @Test
    void aTokenOnTheCommandLineIsWarnedOf() {
        String root = "sha256:" + "0".repeat(64);
        List<String> args = List.of(
                "agent",
                "--home",
                directory.toString(),
                "--coordinator",
                "127.0.0.1:1",
                "--root",
                root,
                "--token",
                "t");

        Ended ended = Ended.run(Map.of(), args);

        assertTrue(ended.err().contains("can be seen by everybody"), ended::toString);
        ended.failed(13, "connection refused");
    }

    @Test
    void aTokenMayComeFromStandardInput() {
        String root = "sha256:" + "0".repeat(64);

        Ended.run("agent", "--home", "h", "--coordinator", "127.0.0.1:1", "--root", root, "--token-file", "-")
                .failed(2, "expected a join token, found nothing");
    }

    @Test
    void aLocalCommandLoadsNoNetworkStack() throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xlog:class+load",
                        "-cp",
                        System.getProperty("java.class.path"),
                        "dev.muster.ops.Muster",
                        "publish",
                        "--help")
                .redirectErrorStream(true)
                .start();
        String log = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertEquals(0, process.waitFor());
        assertTrue(log.contains("dev.muster.ops.command.PublishCommand"));
        assertFalse(log.contains("io.vertx.") || log.contains("io.netty.") || log.contains("com.hazelcast."));
    }

    @Test
    void aHomeThatIsNoneIsNoCoordinator() {
        Ended.run("coordinator", "--home", directory.toString()).failed(2, "muster init");
    }

    @Test
    void aFleetIsNotMadeOverAnother() {
        String fleet = directory.resolve("fleet").toString();

        assertEquals(0, Ended.run("init", fleet).exit());
        Ended.run("init", fleet).failed(2, "expected no fleet there");
    }
}
