package dev.muster.ops.command;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/// `muster image`, which is nothing without a command.
@Command(
        name = "image",
        description = "Look at one image, or let it go.",
        footer = {"", "Example:", "  muster image show debian:2"})
final class ImageCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        throw Commands.incomplete(spec.commandLine());
    }
}
