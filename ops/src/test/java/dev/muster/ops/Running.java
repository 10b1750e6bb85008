package dev.muster.ops;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.muster.ops.shell.Json;
import dev.muster.protocol.Eventually;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;

/// A command that runs until it is told to stop, as a process of its own: a coordinator, an agent.
final class Running implements AutoCloseable {
    private static final int STOP_SECONDS = 30;

    /// Fields of a line of `/proc/net/tcp`.
    private static final int LOCAL = 1;

    private static final int LISTENS = 3;
    private static final int INODE = 9;

    private final Process process;
    private final Path out;
    private final Path log;

    private Running(Process process, Path out, Path log) {
        this.process = process;
        this.out = out;
        this.log = log;
    }

    /// Starts it; [#ready] waits for it.
    static Running start(Path directory, String name, Map<String, String> environment, List<String> args)
            throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of(
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-XX:+UseCompactObjectHeaders",
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Xmx256m",
                "-ea",
                "-cp",
                System.getProperty("java.class.path"),
                "dev.muster.ops.Muster",
                "--json"));
        command.addAll(args);
        Path out = directory.resolve(name + ".out");
        Path log = directory.resolve(name + ".log");
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectInput(Path.of("/dev/null").toFile())
                .redirectOutput(out.toFile())
                .redirectError(log.toFile());
        builder.environment().putAll(environment);
        return new Running(builder.start(), out, log);
    }

    /// What it said when it was ready.
    JsonNode ready() throws IOException, InterruptedException {
        Eventually.eventually(log + " is ready", () -> !text(out).isEmpty() || !process.isAlive());
        assertTrue(process.isAlive(), () -> text(out) + text(log));
        return Json.parse("ready", text(out));
    }

    /// How many descriptors it has open.
    long descriptors() {
        return descriptorNames().size();
    }

    /// Where it listens: of all sockets that listen on this machine, those that it has open.
    List<Integer> ports() throws IOException {
        Set<String> open = Set.copyOf(descriptorNames());
        Set<Integer> ports = new TreeSet<>();
        for (String table : List.of("/proc/net/tcp", "/proc/net/tcp6")) {
            for (String line : Files.readAllLines(Path.of(table))) {
                String[] fields = line.strip().split("\\s+", -1);
                if (fields[LISTENS].equals("0A") && open.contains("socket:[" + fields[INODE] + "]")) {
                    ports.add(Integer.parseInt(fields[LOCAL].substring(fields[LOCAL].indexOf(':') + 1), 16));
                }
            }
        }
        return List.copyOf(ports);
    }

    private List<String> descriptorNames() {
        List<String> names = new ArrayList<>();
        try (DirectoryStream<Path> all = Files.newDirectoryStream(Path.of("/proc/" + process.pid() + "/fd"))) {
            for (Path each : all) {
                names.add(name(each));
            }
            return names;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// One that was closed meanwhile has none.
    private static String name(Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor).toString();
        } catch (IOException _) {
            return "";
        }
    }

    /// Ends it as a service manager does; it must end well.
    void stop() throws InterruptedException {
        process.destroy();
        assertTrue(process.waitFor(STOP_SECONDS, TimeUnit.SECONDS), () -> "does not stop: " + text(log));
        assertEquals(0, process.exitValue(), () -> text(log));
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            return e.toString();
        }
    }
}
