package dev.muster.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.muster.agent.limit.HostLimits;
import dev.muster.agent.limit.Throttle;
import dev.muster.protocol.MusterException.BadConfiguration;
import dev.muster.protocol.config.Settings;
import dev.muster.protocol.config.SettingsFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class TuningTest {
    @TempDir
    Path dir;

    private final Throttle throttle = Throttle.none();
    private Path file;
    private Tuning tuning;

    @BeforeEach
    void open() {
        file = dir.resolve(AgentConfig.FILE);
        tuning = new Tuning(new SettingsFile(file), throttle, Map.of());
    }

    @Test
    void aChangeCountsAtOnceAndAfterTheNextStart() throws IOException {
        tuning.change(Map.of("swarm.upload-limit", "8Mbit", "swarm.wan-limit.paris", "1MB"));

        assertEquals(1_000_000, throttle.limits().upload());
        assertEquals(Map.of("paris", 1_000_000L), throttle.limits().wanOf());
        Settings settings = Settings.read(file, List.of(), Map.of());
        AgentConfig config = AgentConfig.read(settings);
        settings.finish();
        assertEquals(throttle.limits(), config.swarm().host());
        assertEquals(
                Map.of("swarm.upload-limit", "8Mbit", "swarm.wan-limit.paris", "1MB"),
                config.swarm().given());

        tuning.change(Map.of("swarm.upload-limit", "", "swarm.wan-limit.paris", ""));
        assertEquals(HostLimits.NONE, throttle.limits());
    }

    @Test
    void aChangeThatIsWrongChangesNothing() {
        for (Map<String, String> wrong : List.of(
                Map.of("swarm.upload-limit", "1MB", "swarm.source-budget", "many"),
                Map.of("swarm.upload-limit", "1MB", "swarm.port", "7"))) {
            assertThrows(BadConfiguration.class, () -> tuning.change(wrong));
        }

        assertEquals(HostLimits.NONE, throttle.limits());
        assertFalse(Files.exists(file));
        assertTrue(tuning.lines().stream().anyMatch(line -> line.key().equals("swarm.windows")));
    }
}
