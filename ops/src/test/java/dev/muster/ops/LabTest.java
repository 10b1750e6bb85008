package dev.muster.ops;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.muster.bench.lab.Lab;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The smallest lab: two hosts behind links that are slow enough for any machine.
final class LabTest {
    private static final List<String> MUSTER = List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow",
            "-XX:+UseCompactObjectHeaders",
            "-XX:+UseSerialGC",
            "-Xmx256m",
            "-cp",
            System.getProperty("java.class.path"),
            "dev.muster.ops.Muster");

    @TempDir
    Path directory = Path.of("");

    @Test
    @Tag("long")
    @Timeout(value = 3, unit = TimeUnit.MINUTES)
    void twoHostsGetTheImageAndNothingIsLeftBehind() throws IOException, InterruptedException {
        assumeTrue(Lab.isPossible(), "the lab needs root, ip and tc");
        List<String> said = new ArrayList<>();

        boolean right = Lab.run(
                List.of("--hosts", "2", "--rate", "40Mbit", "--image", "8MiB", "--directory", directory.toString()),
                MUSTER,
                said::add);

        assertTrue(right, said::toString);
        assertTrue(said.getLast().contains("muster "), said::toString);
        try (Stream<Path> left = Files.list(directory)) {
            assertTrue(left.findAny().isEmpty(), "the directory is removed");
        }
        try (Stream<Path> namespaces = Files.list(Path.of("/var/run/netns"))) {
            String prefix = "muster-lab-" + ProcessHandle.current().pid();
            assertTrue(
                    namespaces.noneMatch(
                            name -> String.valueOf(name.getFileName()).startsWith(prefix)),
                    "the namespaces are removed");
        }
    }
}
