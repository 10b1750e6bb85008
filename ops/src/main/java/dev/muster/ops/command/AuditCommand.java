package dev.muster.ops.command;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/// `muster audit`, which is nothing without a command.
@Command(
        name = "audit",
        description = "What was ordered in the fleet, by whom, and what came of it.",
        footer = {"", "Example:", "  muster audit show --operator fleet/operator"})
final class AuditCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        throw Commands.incomplete(spec.commandLine());
    }
}
