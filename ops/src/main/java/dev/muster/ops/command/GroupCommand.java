package dev.muster.ops.command;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/// `muster group`, which is nothing without a command.
@Command(
        name = "group",
        description = "Name sets of hosts.",
        footer = {"", "Example:", "  muster group set web --match role=web"})
final class GroupCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        throw Commands.incomplete(spec.commandLine());
    }
}
