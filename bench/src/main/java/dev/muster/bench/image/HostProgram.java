package dev.muster.bench.image;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// Programs of this machine, one at a time.
public final class HostProgram {
    private HostProgram() {}

    /// Runs a program to its end.
    ///
    /// @param directory where it runs, and where what it says is kept until the next one
    /// @return how many seconds it took
    /// @throws IOException if it cannot be started, or fails; with the last lines of what it said
    public static double run(Path directory, String... command) throws IOException, InterruptedException {
        Path log = directory.resolve("tool.log");
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(directory.toFile()).redirectErrorStream(true);
        builder.environment().put("PATH", System.getenv().getOrDefault("PATH", "") + ":/sbin:/usr/sbin");
        builder.environment().put("E2FSPROGS_FAKE_TIME", "1700000000");
        long start = System.nanoTime();
        int status = builder.redirectOutput(log.toFile()).start().waitFor();
        double seconds = (System.nanoTime() - start) / 1e9;
        if (status != 0) {
            List<String> said = Files.readAllLines(log);
            throw new IOException(command[0] + ": expected status 0, found " + status + ": "
                    + String.join(" | ", said.subList(Math.max(0, said.size() - 5), said.size())));
        }
        return seconds;
    }

    public static boolean exists(String program) {
        for (String folder : (System.getenv().getOrDefault("PATH", "") + ":/sbin:/usr/sbin").split(":", -1)) {
            if (Files.isExecutable(Path.of(folder).resolve(program))) {
                return true;
            }
        }
        return false;
    }
}
