package dev.muster.ops.command;

import com.fasterxml.jackson.databind.JsonNode;
import dev.muster.ops.fleet.Groups;
import dev.muster.ops.fleet.Operator;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/// `muster group list`: every group.
@Command(
        name = "list",
        description = "List every group.",
        footer = {"", "Example:", "  muster group list --operator fleet/operator"})
final class GroupListCommand implements Callable<Integer> {
    private final Invocation invocation;

    GroupListCommand(Invocation invocation) {
        this.invocation = invocation;
    }

    @Override
    public Integer call() throws IOException {
        try (Operator operator = invocation.operator()) {
            JsonNode answer = operator.get("/v1/groups");
            invocation.output().result(answer, Groups.table(answer.path("groups")));
        }
        return Commands.done();
    }
}
