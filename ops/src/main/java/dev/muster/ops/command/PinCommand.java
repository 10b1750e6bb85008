package dev.muster.ops.command;

import com.fasterxml.jackson.databind.JsonNode;
import dev.muster.ops.fleet.Operator;
import dev.muster.ops.shell.Json;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/// `muster pin`: the rollback.
@Command(
        name = "pin",
        description = "Tell all hosts of a group at once to run a release. This is how they go back to an older one.",
        footer = {"", "Example:", "  muster pin all sha256:0123456789ab --operator fleet/operator"})
final class PinCommand implements Callable<Integer> {
    private final Invocation invocation;

    @Parameters(index = "0", paramLabel = "GROUP", description = "The hosts; all is every host.")
    private String group = "";

    @Parameters(index = "1", paramLabel = "REF", description = "The release.")
    private String ref = "";

    PinCommand(Invocation invocation) {
        this.invocation = invocation;
    }

    @Override
    public Integer call() throws IOException {
        try (Operator operator = invocation.operator()) {
            JsonNode pin = operator.post(
                    "/v1/pins",
                    Json.object().put("group", group).put("ref", ref).put("rollback", true));
            String text = "pin " + pin.path("number").asLong() + " for group " + group + ": "
                    + pin.path("name").asText() + " is release "
                    + pin.path("release").asText();
            invocation.output().result(pin, text);
        }
        return Commands.done();
    }
}
