package dev.muster.ops.command;

import com.fasterxml.jackson.databind.JsonNode;
import dev.muster.ops.fleet.Operator;
import dev.muster.ops.fleet.RolloutProgress;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/// `muster rollout list`: every rollout.
@Command(
        name = "list",
        description = "List every rollout, the newest first.",
        footer = {"", "Example:", "  muster rollout list --operator fleet/operator"})
final class RolloutListCommand implements Callable<Integer> {
    private final Invocation invocation;

    RolloutListCommand(Invocation invocation) {
        this.invocation = invocation;
    }

    @Override
    public Integer call() throws IOException {
        try (Operator operator = invocation.operator()) {
            JsonNode answer = operator.get("/v1/rollouts");
            invocation.output().result(answer, RolloutProgress.table(answer.path("rollouts")));
        }
        return Commands.done();
    }
}
