package dev.muster.ops.command;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/// `muster operator`, which is nothing without a command.
@Command(
        name = "operator",
        description = "Say who may look at the fleet, and who may give it orders.",
        footer = {"", "Example:", "  muster operator add anna --role viewer --out anna --operator fleet/operator"})
final class OperatorCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        throw Commands.incomplete(spec.commandLine());
    }
}
