package dev.muster.ops.command;

import com.fasterxml.jackson.databind.JsonNode;
import dev.muster.ops.fleet.Operator;
import dev.muster.ops.fleet.RolloutProgress;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/// `muster rollout show`: one rollout as it is now.
@Command(
        name = "show",
        description = "Print how far a rollout is, how long it took, and what held it up.",
        footer = {"", "Example:", "  muster rollout show r-0123456789ab --operator fleet/operator"})
final class RolloutShowCommand implements Callable<Integer> {
    private final Invocation invocation;

    @Parameters(paramLabel = "ID", description = "The rollout.")
    private String id = "";

    RolloutShowCommand(Invocation invocation) {
        this.invocation = invocation;
    }

    @Override
    public Integer call() throws IOException {
        try (Operator operator = invocation.operator()) {
            JsonNode rollout = operator.get("/v1/rollouts/" + Operator.segment(id));
            invocation.output().result(rollout, RolloutProgress.line(rollout) + "\n" + RolloutProgress.pace(rollout));
        }
        return Commands.done();
    }
}
