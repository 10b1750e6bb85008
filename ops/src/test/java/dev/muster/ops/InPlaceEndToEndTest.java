package dev.muster.ops;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/// Hosts that hold an image once, on its target, and turn it into others where it lies: the first by
/// `restore --direct`, the second because its pins say so.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class InPlaceEndToEndTest {
    private static final int DATA = 6 << 20;

    private final FleetOnOneMachine fleet;
    private final Path directory;

    InPlaceEndToEndTest(@TempDir(cleanup = CleanupMode.ALWAYS) Path directory) {
        this.directory = directory;
        this.fleet = new FleetOnOneMachine(directory, List.of(List.of(), List.of("activate.in-place=always")));
    }

    @BeforeAll
    void threeVersionsArePublished() throws IOException, InterruptedException {
        fleet.start();
        Versions versions = new Versions(31, 16 << 20, DATA, 2 << 20, 300 << 10);
        for (int version = 1; version <= 3; version++) {
            versions.writeNext(image(version));
            fleet.publish(image(version), "disk:" + version);
        }
    }

    private Path image(int version) {
        return directory.resolve(version + ".raw");
    }

    @AfterAll
    void everythingEnds() {
        fleet.close();
    }

    @Test
    void aTargetBecomesOneImageAfterTheOther() throws IOException {
        Path target = directory.resolve("target.raw");
        for (int version : List.of(1, 2, 1, 3, 2)) {
            fleet.run("restore", "disk:" + version, target.toString(), "--direct", "--verify", "--home", fleet.home(1))
                    .json();

            assertEquals(-1, Files.mismatch(image(version), target), "version " + version);
        }
    }

    @Test
    void aHostGoesForthAndBackAndOnWithOneCopy() throws IOException {
        for (int version : List.of(1, 2, 1, 3, 2)) {
            fleet.run("rollout", "start", "disk:" + version, "--group", "all", "--wait")
                    .json();

            assertEquals(-1, Files.mismatch(image(version), fleet.current(2, "disk")), "version " + version);
            assertTrue(storeBytes() < DATA / 2, "a store of " + storeBytes() + " bytes beside the target");
        }
    }

    private long storeBytes() throws IOException {
        return fleet.run("store", "stat", "--home", fleet.home(2))
                .json()
                .path("chunkBytes")
                .asLong();
    }
}
