package dev.muster.ops.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.muster.agent.control.ControlClient;
import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/// `muster host set`: changes settings of the agent that runs on this host.
@Command(
        name = "set",
        description =
                "Change settings of the agent on this host. They count at once, and stand in its agent.conf then.",
        footer = {
            "",
            "Example:",
            "  muster host set swarm.upload-limit=200Mbit --home /var/lib/muster",
            "  muster host set swarm.wan-limit.paris=40Mbit swarm.source-budget=2 --home /var/lib/muster",
            "  muster host set swarm.upload-limit= --home /var/lib/muster     (the default again)"
        })
final class HostSetCommand implements Callable<Integer> {
    private final Invocation invocation;

    @Parameters(paramLabel = "KEY=VALUE", arity = "1..*", description = "What to change; no value: the default again.")
    private Map<String, String> changes = new TreeMap<>();

    HostSetCommand(Invocation invocation) {
        this.invocation = invocation;
    }

    @Override
    public Integer call() throws IOException {
        ObjectNode request = ControlClient.request("set");
        ObjectNode settings = request.putObject("settings");
        changes.forEach(settings::put);
        try (ControlClient agent =
                ControlClient.open(invocation.home(), invocation.shell().environment())) {
            JsonNode now = agent.ask(request);
            invocation.output().result(now, HostShowCommand.table(now));
        }
        return Commands.done();
    }
}
