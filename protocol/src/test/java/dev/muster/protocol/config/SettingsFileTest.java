package dev.muster.protocol.config;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SettingsFileTest {
    @TempDir
    Path dir;

    private Path path;
    private SettingsFile file;

    @BeforeEach
    void open() {
        path = dir.resolve("agent.conf");
        file = new SettingsFile(path);
    }

    @Test
    void aKeyIsChangedWhereItStandsAndEverythingElseStays() throws IOException {
        Files.writeString(path, "# mine\naddress=10.0.0.7\n\nswarm.upload-limit =  1MB\n# swarm.upload-limit = 3MB\n");

        file.put(Map.of("swarm.upload-limit", "2MB"));

        assertEquals(
                "# mine\naddress=10.0.0.7\n\nswarm.upload-limit = 2MB\n# swarm.upload-limit = 3MB\n",
                Files.readString(path));
    }

    @Test
    void newKeysComeLastAndAnEmptyValueTakesTheLineOut() throws IOException {
        Files.writeString(path, "a = 1\nb = 2\nb = 3\n");
        Map<String, String> changes = new LinkedHashMap<>();
        changes.put("c", "4");
        changes.put("b", "");
        changes.put("d", "");

        file.put(changes);

        assertEquals("a = 1\nc = 4\n", Files.readString(path));
    }

    @Test
    void aFileThatIsNotThereIsMade() throws IOException {
        file.put(Map.of("a", "1"));

        assertEquals("a = 1\n", Files.readString(path));
    }
}
