package dev.muster.bench.lab;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What labs left that were killed: namespaces with all that runs in them, and directories. Those of a lab
/// that still runs stay.
final class Leftovers {
    private static final Pattern NAME = Pattern.compile(Testbed.PREFIX + "([0-9]{1,10})(-.*)?");

    private Leftovers() {}

    /// @param base where labs have their directories
    /// @param say is told what is removed
    static void remove(Path base, Consumer<String> say) throws IOException, InterruptedException {
        for (String line : Command.run("ip", "netns", "list").lines().toList()) {
            String namespace = line.split(" ", 2)[0];
            if (isLeft(namespace)) {
                for (String pid : Command.run("ip", "netns", "pids", namespace).lines().toList()) {
                    Optional<ProcessHandle> process = ProcessHandle.of(Long.parseLong(pid.strip()));
                    process.ifPresent(ProcessHandle::destroyForcibly);
                }
                String _ = Command.run("ip", "netns", "delete", namespace);
                say.accept("removed namespace " + namespace);
            }
        }
        try (DirectoryStream<Path> directories = Files.newDirectoryStream(base, Testbed.PREFIX + "*")) {
            for (Path directory : directories) {
                if (isLeft(String.valueOf(directory.getFileName()))) {
                    Testbed.delete(directory);
                    say.accept("removed " + directory);
                }
            }
        }
    }

    /// Whether the lab of that name is gone.
    static boolean isLeft(String name) {
        Matcher match = NAME.matcher(name);
        return match.matches()
                && ProcessHandle.of(Long.parseLong(match.group(1)))
                        .filter(ProcessHandle::isAlive)
                        .isEmpty();
    }
}
