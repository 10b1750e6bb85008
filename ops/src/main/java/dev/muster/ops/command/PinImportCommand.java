package dev.muster.ops.command;

import dev.muster.agent.control.ControlClient;
import dev.muster.ops.ceremony.Paper;
import dev.muster.ops.shell.Json;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/// `muster pin import`: a pin, or any other document, that was carried here as a file.
@Command(
        name = "import",
        description = {
            "Hand a signed document to the agent on this host, with no coordinator: a pin, a root, a revocation list,",
            "a release. It is believed for its signatures, and every peer that is reached hears of it."
        },
        footer = {"", "Example:", "  muster pin import recovery.pin --home /var/lib/muster"})
final class PinImportCommand implements Callable<Integer> {
    private final Invocation invocation;

    @Parameters(paramLabel = "FILE", description = "The document.")
    private Path file = Path.of("");

    PinImportCommand(Invocation invocation) {
        this.invocation = invocation;
    }

    @Override
    public Integer call() throws IOException {
        Paper paper = Paper.read(file);
        try (ControlClient agent =
                ControlClient.open(invocation.home(), invocation.shell().environment())) {
            boolean fresh = agent.offer(paper.envelope().encode());
            String name = paper.envelope().type() + " " + paper.envelope().hash();
            invocation
                    .output()
                    .result(
                            Json.object()
                                    .put("document", paper.envelope().hash().toString())
                                    .put("new", fresh),
                            name + (fresh ? " holds from now on" : " was known already"));
        }
        return Commands.done();
    }
}
