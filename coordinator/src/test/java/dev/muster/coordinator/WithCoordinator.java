package dev.muster.coordinator;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/// A coordinator of a new fleet, for each test.
abstract class WithCoordinator {
    static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    Path directory;

    @SuppressWarnings("NullAway.Init") // Set before each test.
    RunningCoordinator fleet;

    @BeforeEach
    final void start() throws IOException {
        fleet = RunningCoordinator.start(directory);
    }

    @AfterEach
    final void stop() throws IOException {
        fleet.close();
    }
}
