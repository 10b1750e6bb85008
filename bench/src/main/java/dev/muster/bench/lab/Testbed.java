package dev.muster.bench.lab;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/// The hosts of a [Topology] as they stand on this machine, a directory for each, and all processes that run
/// on them. Ends and removes everything when it is closed, from whichever thread.
final class Testbed implements AutoCloseable {
    static final String PREFIX = "muster-lab-";

    private static final int END_SECONDS = 10;

    private final Topology topology;
    private final Path directory;
    private final ConcurrentLinkedQueue<Process> processes = new ConcurrentLinkedQueue<>();
    private boolean closed;

    private Testbed(Topology topology, Path directory) {
        this.topology = topology;
        this.directory = directory;
    }

    /// Builds it.
    ///
    /// @param directory is made, and removed in the end
    static Testbed open(Topology topology, Path directory) throws IOException, InterruptedException {
        Testbed testbed = new Testbed(topology, directory);
        try {
            testbed.createDirectories();
            for (List<String> command : topology.commands()) {
                testbed.carryOut(command);
            }
            return testbed;
        } catch (IOException | InterruptedException | RuntimeException e) {
            testbed.close();
            throw e;
        }
    }

    private synchronized void carryOut(List<String> command) throws IOException, InterruptedException {
        requireOpen();
        String _ = Command.run(command);
    }

    private void requireOpen() throws IOException {
        if (closed) {
            throw new IOException("the lab was ended");
        }
    }

    Topology topology() {
        return topology;
    }

    Path directory() {
        return directory;
    }

    Path directory(Node node) {
        return directory.resolve(node.name());
    }

    /// A program on a host, run to its end; what it printed.
    String run(Node node, Map<String, String> environment, List<String> command)
            throws IOException, InterruptedException {
        Path out = Files.createTempFile(directory, "out", "");
        Process process = start(node, out, environment, command);
        int status = process.waitFor();
        processes.remove(process);
        String said = Files.readString(out);
        Files.delete(out);
        if (status != 0) {
            throw new IOException(String.join(" ", command) + " on " + node.name() + ": expected status 0, found "
                    + status + ": " + said.strip() + lastWords(errors(out)));
        }
        Files.deleteIfExists(errors(out));
        return said;
    }

    /// A program on a host that goes on until it ends by itself or the lab does.
    ///
    /// @param out where what it prints goes; beside it, with `.log`, what it says on standard error
    synchronized Process start(Node node, Path out, Map<String, String> environment, List<String> command)
            throws IOException {
        requireOpen();
        List<String> inside = new ArrayList<>(List.of("ip", "netns", "exec", node.namespace()));
        inside.addAll(command);
        ProcessBuilder builder = Command.builder(inside)
                .redirectInput(Path.of("/dev/null").toFile())
                .redirectOutput(out.toFile())
                .redirectError(errors(out).toFile());
        builder.environment().putAll(environment);
        Process process = builder.start();
        processes.add(process);
        return process;
    }

    static Path errors(Path out) {
        return out.resolveSibling(out.getFileName() + ".log");
    }

    /// The last lines of a file, for the report of a failure.
    static String lastWords(Path log) throws IOException {
        List<String> lines = Files.exists(log) ? Files.readAllLines(log) : List.of();
        return "\n" + String.join("\n", lines.subList(Math.max(0, lines.size() - 5), lines.size()));
    }

    /// Kills it with -9 and waits until it is gone.
    void kill(Process process) throws InterruptedException {
        process.destroyForcibly();
        boolean _ = process.waitFor(END_SECONDS, TimeUnit.SECONDS);
        processes.remove(process);
    }

    /// Copies what the processes said.
    void keepLogs(Path to) throws IOException {
        Files.createDirectories(to);
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, "*.log")) {
            for (Path log : files) {
                Files.copy(log, to.resolve(log.getFileName()), StandardCopyOption.REPLACE_EXISTING);
            }
        }
    }

    /// Ends all processes and deletes all that they wrote; the hosts stay.
    synchronized void clear() throws IOException, InterruptedException {
        end();
        if (!closed) {
            delete(directory);
            createDirectories();
        }
    }

    private void end() throws InterruptedException {
        processes.forEach(Process::destroyForcibly);
        for (Process process : processes) {
            boolean _ = process.waitFor(END_SECONDS, TimeUnit.SECONDS);
        }
        processes.clear();
    }

    private void createDirectories() throws IOException {
        Files.createDirectory(directory);
        for (Node host : topology.hosts()) {
            Files.createDirectory(directory(host));
        }
    }

    @Override
    public synchronized void close() throws IOException, InterruptedException {
        if (closed) {
            return;
        }
        closed = true;
        end();
        String there = Command.run("ip", "netns", "list");
        for (String namespace : topology.namespaces()) {
            if (there.lines().anyMatch(line -> line.split(" ", 2)[0].equals(namespace))) {
                String _ = Command.run("ip", "netns", "delete", namespace);
            }
        }
        delete(directory);
    }

    static void delete(Path directory) throws IOException {
        if (!Files.exists(directory)) {
            return;
        }
        try (Stream<Path> all = Files.walk(directory)) {
            for (Path path : (Iterable<Path>) all.sorted(Comparator.reverseOrder())::iterator) {
                Files.deleteIfExists(path);
            }
        }
    }
}
