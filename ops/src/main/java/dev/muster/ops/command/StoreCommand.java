package dev.muster.ops.command;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/// `muster store`, which is nothing without a command.
@Command(
        name = "store",
        description = "Look after the store of this host.",
        footer = {"", "Example:", "  muster store stat --home /var/lib/muster"})
final class StoreCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        throw Commands.incomplete(spec.commandLine());
    }
}
