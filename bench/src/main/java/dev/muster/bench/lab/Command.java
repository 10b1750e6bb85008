package dev.muster.bench.lab;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// Programs of this machine that run to their end.
final class Command {
    private static final String SYSTEM_FOLDERS = ":/usr/sbin:/sbin";

    private Command() {}

    /// What it printed.
    ///
    /// @throws IOException if it fails, with what it said
    static String run(List<String> command) throws IOException, InterruptedException {
        Process process = builder(command)
                .redirectErrorStream(true)
                .redirectInput(Path.of("/dev/null").toFile())
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        int status = process.waitFor();
        if (status != 0) {
            throw new IOException(String.join(" ", command) + ": expected status 0, found " + status + ": " + said);
        }
        return said;
    }

    static String run(String... command) throws IOException, InterruptedException {
        return run(List.of(command));
    }

    static ProcessBuilder builder(List<String> command) {
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().put("PATH", path());
        return builder;
    }

    static boolean exists(String program) {
        for (String folder : path().split(":", -1)) {
            if (Files.isExecutable(Path.of(folder).resolve(program))) {
                return true;
            }
        }
        return false;
    }

    private static String path() {
        return System.getenv().getOrDefault("PATH", "/usr/bin:/bin") + SYSTEM_FOLDERS;
    }
}
