package dev.muster.ops.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.muster.ops.fleet.Groups;
import dev.muster.ops.fleet.Operator;
import dev.muster.ops.shell.Json;
import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `muster group set`: a name for hosts.
@Command(
        name = "set",
        description = "Say which hosts a group is: those with all of these labels.",
        footer = {"", "Example:", "  muster group set web --match role=web --match site=paris --operator fleet/operator"
        })
final class GroupSetCommand implements Callable<Integer> {
    private final Invocation invocation;

    @Parameters(paramLabel = "NAME", description = "The group.")
    private String name = "";

    @Option(
            names = "--match",
            paramLabel = "LABEL=VALUE",
            required = true,
            description = "A label that its hosts have. May be repeated.")
    private Map<String, String> match = new TreeMap<>();

    GroupSetCommand(Invocation invocation) {
        this.invocation = invocation;
    }

    @Override
    public Integer call() throws IOException {
        ObjectNode request = Json.object();
        ObjectNode labels = request.putObject("match");
        match.forEach(labels::put);
        try (Operator operator = invocation.operator()) {
            JsonNode group = operator.put("/v1/groups/" + Operator.segment(name), request);
            ArrayNode one = JsonNodeFactory.instance.arrayNode().add(group);
            invocation.output().result(group, Groups.table(one));
        }
        return Commands.done();
    }
}
