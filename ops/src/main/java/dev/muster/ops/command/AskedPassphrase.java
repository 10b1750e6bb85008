package dev.muster.ops.command;

import dev.muster.ops.shell.Shell;
import dev.muster.protocol.MusterException.BadConfiguration;
import dev.muster.protocol.disk.DurableFile;
import dev.muster.protocol.trust.key.Passphrase;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;

/// A passphrase from a file, from standard input, or from whoever sits at the terminal. One that is typed is not shown.
final class AskedPassphrase implements Passphrase {
    private static final int BYTES_MAX = 1024;

    private final Shell shell;
    private final Optional<Path> file;
    private Optional<String> fromFile = Optional.empty();

    AskedPassphrase(Shell shell, Optional<Path> file) {
        this.shell = shell;
        this.file = file;
    }

    @Override
    public char[] of(Path keyFile) throws IOException {
        if (file.isPresent()) {
            return fromFile().toCharArray();
        }
        if (!shell.terminal()) {
            throw new BadConfiguration(
                    keyFile + ": expected --passphrase-file FILE, as the key is locked and nobody can be asked");
        }
        char[] typed = Objects.requireNonNull(System.console()).readPassword("passphrase of %s: ", keyFile);
        if (typed == null || typed.length == 0) {
            throw new BadConfiguration(keyFile + ": expected its passphrase, found none");
        }
        return typed;
    }

    private String fromFile() throws IOException {
        if (fromFile.isEmpty()) {
            Path path = file.orElseThrow();
            byte[] bytes =
                    path.equals(Path.of("-")) ? shell.in().readNBytes(BYTES_MAX) : DurableFile.read(path, BYTES_MAX);
            String first = new String(bytes, StandardCharsets.UTF_8)
                    .lines()
                    .findFirst()
                    .orElse("");
            if (first.isEmpty()) {
                throw new BadConfiguration(path + ": expected a passphrase on its first line, found none");
            }
            fromFile = Optional.of(first);
        }
        return fromFile.get();
    }
}
