package dev.muster.ops.command;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/// `muster release`, which is nothing without a command.
@Command(
        name = "release",
        description = "Publish in steps, for keys on machines that are never connected; take releases back.",
        footer = {"", "Example:", "  muster release request debian.qcow2 --as debian:3 --out debian-3.request"})
final class ReleaseCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        throw Commands.incomplete(spec.commandLine());
    }
}
