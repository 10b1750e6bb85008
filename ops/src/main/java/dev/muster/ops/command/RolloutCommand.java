package dev.muster.ops.command;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/// `muster rollout`, which is nothing without a command.
@Command(
        name = "rollout",
        description = "Move a group of hosts to a release, and see how far they are.",
        footer = {"", "Example:", "  muster rollout start debian:2 --group all --wait"})
final class RolloutCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        throw Commands.incomplete(spec.commandLine());
    }
}
