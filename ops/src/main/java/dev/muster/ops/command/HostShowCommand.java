package dev.muster.ops.command;

import com.fasterxml.jackson.databind.JsonNode;
import dev.muster.agent.control.ControlClient;
import dev.muster.ops.shell.Table;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/// `muster host show`: the settings that can be changed while the agent runs.
@Command(
        name = "show",
        description = "Print the settings of the agent on this host that can be changed while it runs.",
        footer = {"", "Example:", "  muster host show --home /var/lib/muster"})
final class HostShowCommand implements Callable<Integer> {
    private final Invocation invocation;

    HostShowCommand(Invocation invocation) {
        this.invocation = invocation;
    }

    @Override
    public Integer call() throws IOException {
        try (ControlClient agent =
                ControlClient.open(invocation.home(), invocation.shell().environment())) {
            JsonNode settings = agent.ask(ControlClient.request("settings"));
            invocation.output().result(settings, table(settings));
        }
        return Commands.done();
    }

    static String table(JsonNode settings) {
        Table table = new Table("SETTING", "VALUE", "DEFAULT", "FOR");
        for (JsonNode line : settings.path("settings")) {
            table.row(
                    line.path("key").asText(),
                    line.path("value").asText(),
                    line.path("default").asText(),
                    line.path("purpose").asText());
        }
        return table.toString();
    }
}
