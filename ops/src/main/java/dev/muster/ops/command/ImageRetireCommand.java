package dev.muster.ops.command;

import com.fasterxml.jackson.databind.JsonNode;
import dev.muster.ops.fleet.Operator;
import dev.muster.ops.shell.Json;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `muster image retire`: no host need keep a release any more.
@Command(
        name = "retire",
        description = {
            "Let a release go: no host need keep it, and no pin can order it.",
            "Its bytes stay on a host until that needs the room. It is refused while a pin orders the release."
        },
        footer = {
            "",
            "Example:",
            "  muster image retire debian:1 --operator fleet/operator",
            "  muster image retire debian:1 --undo --operator fleet/operator"
        })
final class ImageRetireCommand implements Callable<Integer> {
    private final Invocation invocation;

    @Parameters(paramLabel = "REF", description = "The release.")
    private String ref = "";

    @Option(names = "--undo", description = "Bring it back: hosts that keep its name fetch it again.")
    private boolean undo;

    ImageRetireCommand(Invocation invocation) {
        this.invocation = invocation;
    }

    @Override
    public Integer call() throws IOException {
        try (Operator operator = invocation.operator()) {
            JsonNode image = operator.put(
                    "/v1/images/" + Operator.segment(ref), Json.object().put("retired", !undo));
            String name = image.path("image").asText();
            String text = undo
                    ? name + " is not retired: " + image.path("copies").asText() + " hosts have it, "
                            + image.path("keepers").asText() + " keep it"
                    : name + " is retired: hosts let it go when they need the room; to take that back: muster image "
                            + "retire " + name + " --undo";
            invocation.output().result(image, text);
        }
        return Commands.done();
    }
}
