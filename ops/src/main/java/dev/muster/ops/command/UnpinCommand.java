package dev.muster.ops.command;

import com.fasterxml.jackson.databind.JsonNode;
import dev.muster.agent.control.ControlClient;
import dev.muster.ops.shell.Json;
import dev.muster.protocol.MusterException.BadConfiguration;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `muster unpin --local`: pins decide again.
@Command(
        name = "unpin",
        description = "End what muster pin --local began: the fleet's pins decide about this name again.",
        footer = {"", "Example:", "  muster unpin --local debian --home /var/lib/muster"})
final class UnpinCommand implements Callable<Integer> {
    private final Invocation invocation;

    @Option(names = "--local", description = "On this host, which is the only place where it works.")
    private boolean local;

    @Parameters(paramLabel = "NAME", description = "The image, with its version or without.")
    private String name = "";

    UnpinCommand(Invocation invocation) {
        this.invocation = invocation;
    }

    @Override
    public Integer call() throws IOException {
        if (!local) {
            throw new BadConfiguration("unpin: expected --local, found none: the fleet's pins end by newer ones");
        }
        int colon = name.indexOf(':');
        String image = colon < 0 ? name : name.substring(0, colon);
        try (ControlClient agent =
                ControlClient.open(invocation.home(), invocation.shell().environment())) {
            JsonNode _ = agent.ask(ControlClient.request("unpin").put("name", image));
            invocation.output().result(Json.object().put("name", image), image + ": the fleet's pins decide again");
        }
        return Commands.done();
    }
}
