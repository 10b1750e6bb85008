package dev.muster.ops;

import dev.muster.ops.command.Commands;
import dev.muster.ops.shell.Shell;
import java.util.List;

/// The program `muster`.
public final class Muster {
    private Muster() {}

    public static void main(String[] args) {
        System.exit(run(List.of(args), Shell.ofProcess()));
    }

    /// Runs one command to its end.
    ///
    /// @return its exit code
    public static int run(List<String> args, Shell shell) {
        return Commands.of(shell).execute(args.toArray(String[]::new));
    }
}
