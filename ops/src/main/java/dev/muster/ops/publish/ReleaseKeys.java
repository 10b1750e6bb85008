package dev.muster.ops.publish;

import dev.muster.protocol.MusterException.BadConfiguration;
import dev.muster.protocol.trust.key.SigningKey;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// The keys that sign releases: `release*.pem` in a directory.
public final class ReleaseKeys {
    private ReleaseKeys() {}

    /// At least one.
    public static List<SigningKey> load(Path directory) throws IOException {
        List<SigningKey> keys = new ArrayList<>();
        if (Files.isDirectory(directory)) {
            try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, "release*.pem")) {
                for (Path file : files) {
                    keys.add(SigningKey.load(file));
                }
            }
        }
        if (keys.isEmpty()) {
            throw new BadConfiguration(
                    "keys " + directory + ": expected release.pem, found none; muster init makes it");
        }
        return keys;
    }
}
