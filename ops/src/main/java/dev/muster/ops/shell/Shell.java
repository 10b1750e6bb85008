package dev.muster.ops.shell;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Map;

/// Where a command was called from.
///
/// @param out for results only
/// @param err for everything that people read
/// @param terminal whether `err` is a terminal
public record Shell(
        Map<String, String> environment, InputStream in, PrintStream out, PrintStream err, boolean terminal) {
    public Shell {
        environment = Map.copyOf(environment);
    }

    /// The one that started this process.
    public static Shell ofProcess() {
        return new Shell(System.getenv(), System.in, System.out, System.err, isTerminal(Path.of("/proc/self/fd/2")));
    }

    private static boolean isTerminal(Path descriptor) {
        try {
            String file = descriptor.toRealPath().toString();
            return file.startsWith("/dev/pts/") || file.startsWith("/dev/tty") || file.equals("/dev/console");
        } catch (IOException _) {
            return false; // A pipe or a socket.
        }
    }
}
