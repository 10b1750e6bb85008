package dev.muster.ops.command;

import com.fasterxml.jackson.databind.JsonNode;
import dev.muster.agent.control.ControlClient;
import dev.muster.ops.shell.ShownProgress;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/// `muster pull`: an image comes to the store of this host.
@Command(
        name = "pull",
        description = "Have the agent on this host fetch an image into its store.",
        footer = {"", "Example:", "  muster pull debian:2 --home /var/lib/muster"})
final class PullCommand implements Callable<Integer> {
    private final Invocation invocation;

    @Parameters(paramLabel = "REF", description = "The image.")
    private String ref = "";

    PullCommand(Invocation invocation) {
        this.invocation = invocation;
    }

    @Override
    public Integer call() throws IOException {
        try (ControlClient agent =
                        ControlClient.open(invocation.home(), invocation.shell().environment());
                ShownProgress progress = invocation.progress()) {
            JsonNode image = LocalImage.ask(agent, ref, progress);
            progress.end();
            String text = image.path("name").asText() + " is here: "
                    + image.path("manifest").asText();
            invocation.output().result(image, text);
        }
        return Commands.done();
    }
}
