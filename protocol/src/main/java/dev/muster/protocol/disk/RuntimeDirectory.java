package dev.muster.protocol.disk;

import dev.muster.protocol.content.Hash;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/// Where a running program keeps its lock and its socket: in memory, private, under a hash of its home,
/// because the path of a socket must be short and a lock must not lie in what it guards.
public final class RuntimeDirectory {
    private RuntimeDirectory() {}

    /// The directory for a home; made, with mode 0700, if it is not there.
    ///
    /// `MUSTER_RUNTIME` names the directory above it; else it is `$XDG_RUNTIME_DIR/muster`, else `/run/muster`
    /// for root, else one of the user's own under the directory for temporary files.
    public static Path of(Path home, Map<String, String> environment) throws IOException {
        Path real =
                Files.exists(home) ? home.toRealPath() : home.toAbsolutePath().normalize();
        String name = Hash.of(real.toString().getBytes(StandardCharsets.UTF_8)).brief();
        Path directory = above(environment).resolve(name);
        DurableFile.createDirectory(directory, true);
        return directory;
    }

    private static Path above(Map<String, String> environment) {
        String named = environment.get("MUSTER_RUNTIME");
        if (named != null) {
            return Path.of(named);
        }
        String session = environment.get("XDG_RUNTIME_DIR");
        if (session != null && Files.isWritable(Path.of(session))) {
            return Path.of(session, "muster");
        }
        Path run = Path.of("/run");
        if (Files.isWritable(run)) {
            return run.resolve("muster");
        }
        return Path.of(System.getProperty("java.io.tmpdir"), "muster-" + System.getProperty("user.name"));
    }
}
