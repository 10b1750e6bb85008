package dev.muster.ops;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/// A host whose file system has room for 1.2 times the image, all that an agent keeps included.
@Tag("long")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class SmallRoomTest {
    private static final int IMAGE = 512 << 20;
    private static final int ROOM = IMAGE / 10 * 12;

    private final FleetOnOneMachine fleet;
    private final Path directory;

    SmallRoomTest(@TempDir(cleanup = CleanupMode.ALWAYS) Path directory) {
        this.directory = directory;
        this.fleet = new FleetOnOneMachine(directory, List.of(List.of(), List.of("store.min-free=1MiB")));
    }

    @BeforeAll
    void twoVersionsArePublished() throws IOException, InterruptedException {
        Path home = Files.createDirectory(Path.of(fleet.home(2)));
        assumeTrue(
                run("mount", "-t", "tmpfs", "-o", "size=" + ROOM + ",mode=700", "muster-test", home.toString()),
                "needs root to mount a small file system");
        fleet.start();
        Versions versions = new Versions(47, IMAGE, IMAGE, 20 << 20, IMAGE / 32);
        for (int version = 1; version <= 2; version++) {
            versions.writeNext(image(version));
            fleet.publish(image(version), "disk:" + version);
        }
    }

    private Path image(int version) {
        return directory.resolve(version + ".raw");
    }

    @AfterAll
    void everythingEnds() throws IOException, InterruptedException {
        fleet.close();
        boolean _ = run("umount", "-l", fleet.home(2));
    }

    @Test
    void itGoesToTheNextVersionAndBack() throws IOException {
        for (int version : List.of(1, 2, 1)) {
            fleet.run("rollout", "start", "disk:" + version, "--group", "all", "--wait")
                    .json();

            assertEquals(-1, Files.mismatch(image(version), fleet.current(2, "disk")), "version " + version);
        }
    }

    private static boolean run(String... command) throws IOException, InterruptedException {
        return new ProcessBuilder(command).inheritIO().start().waitFor() == 0;
    }
}
