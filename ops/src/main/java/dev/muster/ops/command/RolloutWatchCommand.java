package dev.muster.ops.command;

import com.fasterxml.jackson.databind.JsonNode;
import dev.muster.ops.fleet.Operator;
import dev.muster.ops.fleet.RolloutProgress;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/// `muster rollout watch`: one rollout until it has ended.
@Command(
        name = "watch",
        description = "Follow a rollout until every host runs its release (0), or one failed to (14).",
        footer = {"", "Example:", "  muster rollout watch r-0123456789ab --operator fleet/operator"})
final class RolloutWatchCommand implements Callable<Integer> {
    private final Invocation invocation;

    @Parameters(paramLabel = "ID", description = "The rollout.")
    private String id = "";

    RolloutWatchCommand(Invocation invocation) {
        this.invocation = invocation;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        try (Operator operator = invocation.operator()) {
            JsonNode rollout = new RolloutProgress(operator, invocation.output()::note).await(id);
            invocation.output().result(rollout, RolloutProgress.line(rollout));
        }
        return Commands.done();
    }
}
