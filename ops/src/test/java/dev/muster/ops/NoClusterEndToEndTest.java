package dev.muster.ops;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/// The whole job with agents that take no part in the cluster. That they find each other at all, [KeepersEndToEndTest]
/// shows in every build.
@Tag("long")
final class NoClusterEndToEndTest extends EndToEndTest {
    NoClusterEndToEndTest(@TempDir(cleanup = CleanupMode.ALWAYS) Path directory) {
        super(directory);
    }

    @Override
    List<List<String>> settings() {
        return List.of(List.of("cluster.enabled=false"), List.of("cluster.enabled=false"));
    }
}
