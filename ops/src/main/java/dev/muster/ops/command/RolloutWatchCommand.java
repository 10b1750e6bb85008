package dev.muster.ops.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.muster.ops.fleet.Operator;
import dev.muster.ops.fleet.RolloutFrame;
import dev.muster.ops.fleet.RolloutProgress;
import dev.muster.ops.shell.Output;
import dev.muster.ops.shell.Screen;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/// `muster rollout watch`: one rollout until it has ended.
@Command(
        name = "watch",
        description = {
            "Follow a rollout until every host runs its release (0), or one failed to (14): sites, rates, who is",
            "served by whom, and what holds it up. With --json, a line twice a second."
        },
        footer = {"", "Example:", "  muster rollout watch r-0123456789ab --operator fleet/operator"})
final class RolloutWatchCommand implements Callable<Integer> {
    /// However small the screen is, so many hosts are shown.
    private static final int HOSTS_MIN = 5;

    /// Lines of a frame that are neither sites nor hosts.
    private static final int AROUND = 9;

    private final Invocation invocation;

    @Parameters(paramLabel = "ID", description = "The rollout.")
    private String id = "";

    RolloutWatchCommand(Invocation invocation) {
        this.invocation = invocation;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        try (Operator operator = invocation.operator()) {
            Output output = invocation.output();
            Screen screen = new Screen(invocation.shell());
            JsonNode rollout = new RolloutProgress(operator, now -> show(operator, screen, now)).await(id);
            if (!output.isJson()) {
                output.result(rollout, RolloutProgress.line(rollout) + "\n" + RolloutProgress.pace(rollout));
            }
        }
        return Commands.done();
    }

    /// With --json, a line is the rollout with its hosts, as the status has them.
    private void show(Operator operator, Screen screen, JsonNode rollout) throws IOException {
        JsonNode status = operator.get("/v1/status");
        RolloutFrame frame = new RolloutFrame(rollout, status);
        if (invocation.output().isJson()) {
            ObjectNode line = rollout.deepCopy();
            line.putArray("members").addAll(frame.hosts());
            invocation.output().result(line, "");
        } else {
            int hosts =
                    Math.max(HOSTS_MIN, screen.lines() - status.path("sites").size() - AROUND);
            screen.show(frame.text(hosts), frame.line());
        }
    }
}
