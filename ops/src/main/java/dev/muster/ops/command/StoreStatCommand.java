package dev.muster.ops.command;

import com.fasterxml.jackson.databind.JsonNode;
import dev.muster.agent.control.ControlClient;
import dev.muster.protocol.config.Units;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/// `muster store stat`: how large the store of this host is.
@Command(
        name = "stat",
        description = "Print how large the store of the agent on this host is.",
        footer = {"", "Example:", "  muster store stat --home /var/lib/muster"})
final class StoreStatCommand implements Callable<Integer> {
    private final Invocation invocation;

    StoreStatCommand(Invocation invocation) {
        this.invocation = invocation;
    }

    @Override
    public Integer call() throws IOException {
        try (ControlClient agent =
                ControlClient.open(invocation.home(), invocation.shell().environment())) {
            JsonNode stat = agent.ask(ControlClient.request("stat"));
            String text = """
                    images    %d
                    chunks    %d, %s in %d segments
                    unneeded  %s, kept as seeds until their room is needed
                    free      %s""".formatted(
                            stat.path("images").asLong(),
                            stat.path("chunks").asLong(),
                            Units.humanBytes(stat.path("chunkBytes").asLong()),
                            stat.path("segments").asLong(),
                            Units.humanBytes(stat.path("reclaimableBytes").asLong()),
                            Units.humanBytes(stat.path("freeBytes").asLong()));
            invocation.output().result(stat, text);
        }
        return Commands.done();
    }
}
