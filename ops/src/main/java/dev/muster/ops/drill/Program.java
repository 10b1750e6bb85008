package dev.muster.ops.drill;

import java.io.File;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/// One process of this product: the launcher's, where this one was started by it, else one with the same class path.
final class Program implements AutoCloseable {
    private static final long KILL_SECONDS = 10;

    private final String name;
    private final List<String> arguments;
    private final Path directory;
    private final String heap;
    private volatile Optional<Process> process = Optional.empty();
    private volatile boolean closed;

    /// @param directory for its logs
    /// @param heap as `-Xmx` takes it
    Program(String name, Path directory, String heap, List<String> arguments) {
        this.name = name;
        this.directory = directory;
        this.heap = heap;
        this.arguments = List.copyOf(arguments);
    }

    String name() {
        return name;
    }

    synchronized void start() throws IOException {
        if (closed) {
            return;
        }
        ProcessBuilder builder = new ProcessBuilder(command(arguments, heap));
        builder.environment().put("MUSTER_JAVA_OPTS", "-Xmx" + heap + " -XX:+UseSerialGC");
        builder.environment().put("MUSTER_RUNTIME", directory.resolve("run").toString());
        builder.redirectInput(new File("/dev/null"));
        builder.redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()));
        builder.redirectErrorStream(true);
        process = Optional.of(builder.start());
    }

    /// What it printed so far.
    Path log() {
        return directory.resolve(name + ".log");
    }

    boolean isAlive() {
        return process.map(Process::isAlive).orElse(false);
    }

    /// Kills it with -9 and waits until it is gone.
    void kill() throws InterruptedException {
        if (process.isPresent()) {
            process.get().destroyForcibly();
            boolean _ = process.get().waitFor(KILL_SECONDS, TimeUnit.SECONDS);
        }
    }

    /// The last lines that it printed, for the report of a failure.
    String lastWords() throws IOException {
        List<String> lines = Files.exists(log()) ? Files.readAllLines(log()) : List.of();
        return String.join("\n", lines.subList(Math.max(0, lines.size() - 5), lines.size()));
    }

    /// Ends it for good.
    @Override
    public void close() {
        closed = true;
        try {
            kill();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    static List<String> command(List<String> arguments, String heap) {
        List<String> command = new ArrayList<>();
        String launcher = System.getProperty("muster.launcher", "");
        if (!launcher.isEmpty()) {
            command.add(launcher);
        } else {
            command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
            ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                    .filter(flag -> flag.startsWith("--enable-native")
                            || flag.startsWith("--sun-misc")
                            || flag.startsWith("-XX:+UseCompact"))
                    .forEach(command::add);
            command.addAll(List.of("-Xmx" + heap, "-XX:+UseSerialGC", "-cp", System.getProperty("java.class.path")));
            command.add("dev.muster.ops.Muster");
        }
        command.addAll(arguments);
        return command;
    }
}
