package dev.muster.ops;

import static dev.muster.protocol.Eventually.eventually;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/// The whole job in a fleet of which one agent is a member of the cluster and the other is attached to it: that one has
/// the higher address, and holds the cluster for full with one member.
@Tag("long")
final class MixedFleetEndToEndTest extends EndToEndTest {
    private final Path log;

    MixedFleetEndToEndTest(@TempDir(cleanup = CleanupMode.ALWAYS) Path directory) {
        super(directory);
        this.log = directory.resolve("agent-2.log");
    }

    @Override
    List<List<String>> settings() throws IOException {
        List<String> ports = Stream.of(FleetOnOneMachine.freePort(), FleetOnOneMachine.freePort())
                .map(String::valueOf)
                .sorted()
                .toList();
        return List.of(
                List.of("cluster.port=" + ports.get(0)),
                List.of("cluster.port=" + ports.get(1), "cluster.members-max=1"));
    }

    @Test
    @Order(1)
    void theSecondAgentIsAttached() throws InterruptedException {
        eventually("it says so", () -> text(log).contains("attached: "));
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
