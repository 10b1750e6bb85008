package dev.muster.ops.command;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/// `muster keys`, which is nothing without a command.
@Command(
        name = "keys",
        description = "Make keys, sign with them, and give the fleet other ones: see ops/docs/KEYS.md.",
        footer = {"", "Example:", "  muster keys list --keys fleet/keys"})
final class KeysCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        throw Commands.incomplete(spec.commandLine());
    }
}
