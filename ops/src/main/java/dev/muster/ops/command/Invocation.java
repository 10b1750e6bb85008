package dev.muster.ops.command;

import dev.muster.ops.ceremony.KeyRing;
import dev.muster.ops.fleet.Operator;
import dev.muster.ops.shell.Output;
import dev.muster.ops.shell.Shell;
import dev.muster.ops.shell.ShownProgress;
import dev.muster.protocol.MusterException.BadConfiguration;
import dev.muster.protocol.trust.key.Passphrase;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/// What every command is given: the options that all of them take, and the shell that called.
final class Invocation {
    private final Shell shell;

    @Option(names = "--json", scope = ScopeType.INHERIT, description = "Print JSON instead of text.")
    private boolean json;

    @Option(
            names = "--home",
            paramLabel = "DIR",
            scope = ScopeType.INHERIT,
            description = "The agent or coordinator of this host (or MUSTER_HOME).")
    private @Nullable Path home;

    @Option(
            names = "--operator",
            paramLabel = "DIR",
            scope = ScopeType.INHERIT,
            description = "An operator's certificate and coordinators (or MUSTER_OPERATOR).")
    private @Nullable Path operator;

    @Option(
            names = "--keys",
            paramLabel = "DIR",
            scope = ScopeType.INHERIT,
            description = "The keys that sign; they do not leave this process.")
    private @Nullable Path keys;

    @Option(
            names = "--passphrase-file",
            paramLabel = "FILE",
            scope = ScopeType.INHERIT,
            description = "What opens locked keys, on its first line; - is standard input. Else it is asked for.")
    private @Nullable Path passphraseFile;

    @Option(
            names = "--set",
            paramLabel = "KEY=VALUE",
            scope = ScopeType.INHERIT,
            description = "A setting of the agent or coordinator, over its file. May be repeated.")
    private List<String> settings = new ArrayList<>();

    Invocation(Shell shell) {
        this.shell = shell;
    }

    Shell shell() {
        return shell;
    }

    Output output() {
        return new Output(shell, json);
    }

    ShownProgress progress() {
        return ShownProgress.on(shell);
    }

    Path home() throws BadConfiguration {
        return directory(home, "--home", "MUSTER_HOME");
    }

    Path keys() throws BadConfiguration {
        if (keys == null) {
            throw new BadConfiguration("expected --keys DIR with the keys that sign, found none");
        }
        return keys;
    }

    /// What opens locked keys.
    Passphrase passphrase() {
        return new AskedPassphrase(shell, Optional.ofNullable(passphraseFile));
    }

    /// The keys of the directory.
    KeyRing keyRing() throws IOException {
        return KeyRing.open(keys(), passphrase());
    }

    Optional<Path> optionalKeys() {
        return Optional.ofNullable(keys);
    }

    /// `key=value` each.
    List<String> settings() {
        return List.copyOf(settings);
    }

    /// The operator, with connections to the coordinators.
    Operator operator() throws IOException {
        return Operator.open(directory(operator, "--operator", "MUSTER_OPERATOR"));
    }

    /// Whether an operator was named.
    boolean isOperator() {
        return operator != null || shell.environment().containsKey("MUSTER_OPERATOR");
    }

    /// Whether an agent's or a coordinator's home was named.
    boolean isHome() {
        return home != null || shell.environment().containsKey("MUSTER_HOME");
    }

    private Path directory(@Nullable Path option, String name, String variable) throws BadConfiguration {
        if (option != null) {
            return option;
        }
        String value = shell.environment().get(variable);
        if (value == null || value.isEmpty()) {
            throw new BadConfiguration("expected " + name + " DIR or " + variable + ", found neither");
        }
        return Path.of(value);
    }
}
