package dev.muster.protocol.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.muster.protocol.MusterException.BadConfiguration;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SettingsTest {
    @TempDir
    Path dir;

    @Test
    void theEnvironmentWinsOverTheCommandLineAndThatOverTheFile() throws Exception {
        Path file = Files.writeString(dir.resolve("muster.conf"), """
                # comment
                swarm.upload-limit = 100Mbit
                swarm.stall = 3s
                site = a
                """);

        Settings settings = Settings.read(
                file, List.of("site=b", "swarm.stall=4s"), Map.of("MUSTER_SET_SWARM__STALL", "5s", "PATH", "/bin"));

        assertEquals(12_500_000, settings.rate("swarm.upload-limit", "unlimited", ""));
        assertEquals(Duration.ofSeconds(5), settings.duration("swarm.stall", "8s", ""));
        assertEquals("b", settings.text("site", "", ""));
        settings.finish();
    }

    @Test
    void everyProblemIsReportedAtOnceAndAnUnknownKeyNamesTheNearest() throws Exception {
        Settings settings = Settings.read(
                dir.resolve("absent"), List.of("swarm.uplaod-limit=1Gbit", "swarm.stall=soon", "nonsense"), Map.of());
        settings.rate("swarm.upload-limit", "unlimited", "");
        settings.duration("swarm.stall", "8s", "");

        String message = assertThrows(BadConfiguration.class, settings::finish).getMessage();

        assertTrue(message.contains("swarm.uplaod-limit: no such setting; the nearest is swarm.upload-limit"), message);
        assertTrue(message.contains("swarm.stall: expected a duration"), message);
        assertTrue(message.contains("expected key = value, found nonsense"), message);
    }

    @Test
    void amountsHaveUnits() {
        assertEquals(64L << 20, Units.bytes("64MiB"));
        assertEquals(1_500_000_000L, Units.bytes("1.5GB"));
        assertEquals(125_000_000L, Units.bytesPerSecond("1Gbit"));
        assertEquals(0, Units.bytesPerSecond("unlimited"));
        assertEquals(Duration.ofHours(24), Units.duration("24h"));
        assertEquals("1.5 GiB", Units.humanBytes(3L << 29));
        for (String wrong : List.of("", "-1", "ten", "1XB", "999999999999TiB")) {
            assertThrows(IllegalArgumentException.class, () -> Units.bytes(wrong), wrong);
        }
    }
}
