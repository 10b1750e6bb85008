package dev.muster.bench.store;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/// What a figure was measured on.
public final class Environment {
    private Environment() {}

    public static Map<String, Object> describe() throws IOException {
        Map<String, Object> environment = new LinkedHashMap<>();
        environment.put("processor", processor());
        environment.put("cores", Runtime.getRuntime().availableProcessors());
        environment.put("kernel", System.getProperty("os.name") + " " + System.getProperty("os.version"));
        environment.put("jdk", System.getProperty("java.vm.name") + " " + Runtime.version());
        environment.put("commit", commit());
        return environment;
    }

    private static String processor() throws IOException {
        return Files.readAllLines(Path.of("/proc/cpuinfo")).stream()
                .filter(line -> line.startsWith("model name"))
                .map(line -> line.substring(line.indexOf(':') + 1).strip())
                .findFirst()
                .orElse("unknown");
    }

    /// What `git` says of the directory that this runs in; uncommitted changes are said too.
    private static String commit() throws IOException {
        try {
            Process git = new ProcessBuilder("git", "describe", "--always", "--dirty").start();
            return new String(git.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        } catch (IOException _) {
            return "unknown";
        }
    }
}
