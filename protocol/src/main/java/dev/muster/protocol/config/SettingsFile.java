package dev.muster.protocol.config;

import dev.muster.protocol.disk.DurableFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// A configuration file that a program changes: everything that people wrote there stays as it was. For one
/// thread.
public final class SettingsFile {
    private final Path path;

    public SettingsFile(Path path) {
        this.path = path;
    }

    public Path path() {
        return path;
    }

    /// Sets some keys, each in the line where it stands, or at the end; an empty value takes its lines out.
    public void put(Map<String, String> changes) throws IOException {
        Map<String, String> left = new LinkedHashMap<>(changes);
        List<String> lines = new ArrayList<>();
        for (String line : Files.exists(path) ? Files.readAllLines(path) : List.<String>of()) {
            String key = key(line);
            String value = left.remove(key);
            if (value != null && !value.isEmpty()) {
                lines.add(key + " = " + value);
            } else if (!changes.containsKey(key)) {
                lines.add(line);
            }
        }
        left.forEach((key, value) -> {
            if (!value.isEmpty()) {
                lines.add(key + " = " + value);
            }
        });
        String text = lines.isEmpty() ? "" : String.join("\n", lines) + "\n";
        DurableFile.write(path, text.getBytes(StandardCharsets.UTF_8));
    }

    private static String key(String line) {
        int equals = line.indexOf('=');
        return equals < 1 || line.stripLeading().startsWith("#")
                ? ""
                : line.substring(0, equals).strip();
    }
}
