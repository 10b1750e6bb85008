package dev.muster.ops.command;

import com.fasterxml.jackson.databind.JsonNode;
import dev.muster.ops.fleet.Images;
import dev.muster.ops.fleet.Operator;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/// `muster images`: every release.
@Command(
        name = "images",
        description = "List every release.",
        footer = {"", "Example:", "  muster images --operator fleet/operator"})
final class ImagesCommand implements Callable<Integer> {
    private final Invocation invocation;

    ImagesCommand(Invocation invocation) {
        this.invocation = invocation;
    }

    @Override
    public Integer call() throws IOException {
        try (Operator operator = invocation.operator()) {
            JsonNode answer = operator.get("/v1/images");
            invocation.output().result(answer, Images.table(answer.path("images")));
        }
        return Commands.done();
    }
}
