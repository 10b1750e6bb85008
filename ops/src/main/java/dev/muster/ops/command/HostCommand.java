package dev.muster.ops.command;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/// `muster host`, which is nothing without a command.
@Command(
        name = "host",
        description = "Look after one host of the fleet.",
        footer = {"", "Example:", "  muster host revoke h0123456789abcde --keys fleet/keys --operator fleet/operator"})
final class HostCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        throw Commands.incomplete(spec.commandLine());
    }
}
