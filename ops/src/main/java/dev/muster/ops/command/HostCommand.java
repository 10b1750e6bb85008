package dev.muster.ops.command;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/// `muster host`, which is nothing without a command.
@Command(
        name = "host",
        description = "Shut a host out of the fleet; what the agent of this host is allowed, now.",
        footer = {
            "",
            "Example:",
            "  muster host show --home /var/lib/muster",
            "  muster host revoke h0123456789abcde --keys fleet/keys --operator fleet/operator"
        })
final class HostCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        throw Commands.incomplete(spec.commandLine());
    }
}
