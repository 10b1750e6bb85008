package dev.muster.ops.command;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.muster.agent.AgentConfig;
import dev.muster.ops.shell.Json;
import dev.muster.ops.shell.Table;
import dev.muster.protocol.config.Settings;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/// `muster agent config`: every setting of an agent, as it counts.
@Command(
        name = "config",
        description = "Print every setting with its value, its default and what it is for.",
        footer = {"", "Example:", "  muster agent config --home /var/lib/muster --set swarm.upload-limit=100Mbit"})
final class AgentConfigCommand implements Callable<Integer> {
    private final Invocation invocation;

    AgentConfigCommand(Invocation invocation) {
        this.invocation = invocation;
    }

    @Override
    public Integer call() throws IOException {
        Settings settings = new JoinOptions().settings(invocation, invocation.home());
        AgentConfig _ = AgentConfig.read(settings);
        settings.finish();
        ObjectNode json = Json.object();
        ArrayNode lines = json.putArray("settings");
        Table table = new Table("SETTING", "VALUE", "DEFAULT", "FOR");
        for (Settings.Line line : settings.effective()) {
            lines.addObject()
                    .put("key", line.key())
                    .put("value", line.value())
                    .put("default", line.preset())
                    .put("purpose", line.purpose());
            table.row(line.key(), line.value(), line.preset(), line.purpose());
        }
        invocation.output().result(json, table.toString());
        return Commands.done();
    }
}
