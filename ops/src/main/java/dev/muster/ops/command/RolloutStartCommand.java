package dev.muster.ops.command;

import com.fasterxml.jackson.databind.JsonNode;
import dev.muster.ops.fleet.Operator;
import dev.muster.ops.fleet.RolloutProgress;
import dev.muster.ops.shell.Json;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `muster rollout start`: a group is to run a release.
@Command(
        name = "start",
        description = "Move all hosts of a group to a release.",
        footer = {"", "Example:", "  muster rollout start debian:2 --group all --wait --operator fleet/operator"})
final class RolloutStartCommand implements Callable<Integer> {
    private final Invocation invocation;

    @Parameters(paramLabel = "REF", description = "The release.")
    private String ref = "";

    @Option(names = "--group", paramLabel = "GROUP", required = true, description = "The hosts; all is every host.")
    private String group = "";

    @Option(names = "--wait", description = "End when every host runs it (0), or one failed to (14).")
    private boolean wait;

    RolloutStartCommand(Invocation invocation) {
        this.invocation = invocation;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        try (Operator operator = invocation.operator()) {
            JsonNode rollout =
                    operator.post("/v1/rollouts", Json.object().put("ref", ref).put("group", group));
            if (wait) {
                RolloutProgress progress = RolloutProgress.noted(operator, invocation.output()::note);
                rollout = progress.await(rollout.path("id").asText());
            }
            invocation.output().result(rollout, RolloutProgress.line(rollout));
        }
        return Commands.done();
    }
}
