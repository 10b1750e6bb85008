package dev.muster.agent.activate;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/// The operator's program that is told of a new image: `HOOK NAME RELEASE TARGET`. It comes from this host's own
/// configuration, never from the wire; non-zero means that the image must not run.
public final class Hook {
    private static final int OUTPUT_MAX = 600;

    private final Path program;
    private final Duration limit;

    /// @param limit how long it may take
    public Hook(Path program, Duration limit) {
        this.program = program;
        this.limit = limit;
    }

    /// Runs it to its end.
    ///
    /// @return why it failed, if it did
    Optional<String> run(String name, String release, Path target) throws InterruptedException {
        Process process;
        try {
            process = new ProcessBuilder(program.toString(), name, release, target.toString())
                    .redirectErrorStream(true)
                    .redirectInput(
                            ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                    .start();
        } catch (IOException e) {
            return Optional.of("hook " + program + ": " + e.getMessage());
        }
        try {
            ByteArrayOutputStream output = new ByteArrayOutputStream();
            Thread reader = Thread.startVirtualThread(() -> drain(process, output));
            if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                return Optional.of(
                        "hook " + program + ": expected an end within " + limit.toSeconds() + " s, found none");
            }
            reader.join(Duration.ofSeconds(1));
            int status = process.exitValue();
            return status == 0
                    ? Optional.empty()
                    : Optional.of("hook " + program + ": expected status 0, found " + status + ": "
                            + output.toString(StandardCharsets.UTF_8).strip());
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
    }

    /// Keeps the first bytes that it says and reads on, so that it never blocks on a full pipe.
    private static void drain(Process process, ByteArrayOutputStream output) {
        byte[] buffer = new byte[4096];
        try (InputStream in = process.getInputStream()) {
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                int room = Math.min(n, OUTPUT_MAX - output.size());
                if (room > 0) {
                    output.write(buffer, 0, room);
                }
            }
        } catch (IOException _) {
            // It ended.
        }
    }
}
