package dev.muster.chunkstore.assemble;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.Closeable;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Assumptions;

/// A block device on a file, for tests that need one; without root or `losetup` they are skipped and say so.
public final class LoopDevice implements Closeable {
    private final Path path;

    private LoopDevice(Path path) {
        this.path = path;
    }

    public static LoopDevice on(Path file, long bytes) throws IOException {
        assumeTrue(Files.isExecutable(Path.of("/usr/sbin/losetup")), "needs losetup");
        try (RandomAccessFile random = new RandomAccessFile(file.toFile(), "rw")) {
            random.setLength(bytes);
        }
        Process process = new ProcessBuilder("/usr/sbin/losetup", "--find", "--show", file.toString())
                .redirectErrorStream(true)
                .start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        Assumptions.assumeTrue(process.onExit().join().exitValue() == 0, "needs root and a free loop device: " + out);
        return new LoopDevice(Path.of(out));
    }

    public Path path() {
        return path;
    }

    /// Runs a program on the device.
    ///
    /// @return whether it ended well
    public static boolean run(String... command) throws IOException {
        Process process =
                new ProcessBuilder(List.of(command)).redirectErrorStream(true).start();
        process.getInputStream().readAllBytes();
        return process.onExit().join().exitValue() == 0;
    }

    @Override
    public void close() throws IOException {
        run("/usr/sbin/losetup", "--detach", path.toString());
    }
}
