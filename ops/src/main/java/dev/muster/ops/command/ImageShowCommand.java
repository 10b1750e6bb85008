package dev.muster.ops.command;

import com.fasterxml.jackson.databind.JsonNode;
import dev.muster.ops.fleet.Images;
import dev.muster.ops.fleet.Operator;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/// `muster image show`: one release.
@Command(
        name = "show",
        description = "Print what a release consists of.",
        footer = {"", "Example:", "  muster image show debian:2 --operator fleet/operator"})
final class ImageShowCommand implements Callable<Integer> {
    private final Invocation invocation;

    @Parameters(paramLabel = "REF", description = "The release.")
    private String ref = "";

    ImageShowCommand(Invocation invocation) {
        this.invocation = invocation;
    }

    @Override
    public Integer call() throws IOException {
        try (Operator operator = invocation.operator()) {
            JsonNode answer = operator.image(ref);
            invocation.output().result(answer, Images.detail(answer));
        }
        return Commands.done();
    }
}
