package dev.muster.ops.drill;

import com.fasterxml.jackson.databind.JsonNode;
import dev.muster.ops.shell.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// A command of the command line, run to its end in a process of its own, as an operator would.
final class Command {
    private static final String HEAP = "512m";

    private final Path directory;
    private final Duration limit;

    /// @param directory of the drill
    /// @param limit how long a command may take
    Command(Path directory, Duration limit) {
        this.directory = directory;
        this.limit = limit;
    }

    /// Its result.
    ///
    /// @throws IOException with what it said, if it fails
    JsonNode run(String... arguments) throws IOException, InterruptedException {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.add("--json");
        Path out = Files.createTempFile(directory, "command", ".json");
        Path log = directory.resolve("commands.log");
        ProcessBuilder builder = new ProcessBuilder(Program.command(all, HEAP));
        builder.environment().put("MUSTER_JAVA_OPTS", "-Xmx" + HEAP);
        builder.environment().put("MUSTER_RUNTIME", directory.resolve("run").toString());
        Process process = builder.redirectInput(Path.of("/dev/null").toFile())
                .redirectOutput(out.toFile())
                .redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start();
        try {
            if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new IOException("muster " + String.join(" ", arguments) + ": no end within " + limit);
            }
        } finally {
            process.destroyForcibly();
        }
        String text = Files.readString(out, StandardCharsets.UTF_8);
        Files.delete(out);
        if (process.exitValue() != 0) {
            throw new IOException("muster " + String.join(" ", arguments) + ": exit " + process.exitValue() + ", "
                    + text.strip() + "; see " + log);
        }
        return Json.parse("muster " + arguments[0], text);
    }
}
