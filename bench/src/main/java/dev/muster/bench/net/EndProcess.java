package dev.muster.bench.net;

import java.io.BufferedReader;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// A [LinkEnd] as seen from outside.
final class EndProcess implements Closeable {
    /// `sysconf(_SC_CLK_TCK)`, 100 on every Linux that Java runs on.
    private static final double TICKS_PER_SECOND = 100;

    private static final int FIELDS_BEFORE_UTIME = 11;

    private final Process process;
    private final BufferedReader out;
    private final Writer in;
    private final String address;

    EndProcess(List<String> javaOptions, String... args) throws IOException {
        List<String> command =
                new ArrayList<>(List.of(ProcessHandle.current().info().command().orElse("java")));
        command.addAll(javaOptions);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), LinkEnd.class.getName()));
        command.addAll(List.of(args));
        process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        out = process.inputReader(StandardCharsets.UTF_8);
        in = process.outputWriter(StandardCharsets.UTF_8);
        address = answer();
    }

    /// Where it listens.
    String address() {
        return address;
    }

    void say(String line) throws IOException {
        in.write(line + "\n");
        in.flush();
    }

    /// Waits for what it says next.
    String answer() throws IOException {
        String line = out.readLine();
        if (line == null) {
            throw new EOFException("an end of the link has ended; see what it said above");
        }
        return line;
    }

    /// User and system time so far: fields 14 and 15 of proc_pid_stat(5).
    double cpuSeconds() throws IOException {
        String stat = Files.readString(Path.of("/proc/" + process.pid() + "/stat"));
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
        return (Long.parseLong(fields[FIELDS_BEFORE_UTIME]) + Long.parseLong(fields[FIELDS_BEFORE_UTIME + 1]))
                / TICKS_PER_SECOND;
    }

    /// `RssAnon` of proc_pid_status(5).
    long residentBytes() throws IOException {
        return Files.readAllLines(Path.of("/proc/" + process.pid() + "/status")).stream()
                .filter(line -> line.startsWith("RssAnon:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) << 10)
                .findFirst()
                .orElse(0);
    }

    @Override
    public void close() throws IOException {
        in.close();
        try {
            if (!process.waitFor(20, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException _) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
