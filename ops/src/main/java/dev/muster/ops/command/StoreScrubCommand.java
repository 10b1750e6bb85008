package dev.muster.ops.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.muster.agent.control.ControlClient;
import dev.muster.ops.shell.ExitCode;
import dev.muster.ops.shell.ShownProgress;
import dev.muster.protocol.config.Units;
import java.io.IOException;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `muster store scrub`: everything in the store is read and hashed.
@Command(
        name = "scrub",
        description = {
            "Read everything in the store of this host, and get what has rotted from peers.",
            "An agent does so by itself every store.scrub-every. A scrub that was interrupted goes on where "
                    + "it was. Ends "
                    + "with 12 if anything was found that could not be repaired."
        },
        footer = {"", "Example:", "  muster store scrub --rate 200MiB"})
final class StoreScrubCommand implements Callable<Integer> {
    private final Invocation invocation;

    @Option(names = "--rate", paramLabel = "RATE", description = "How much a second: 200MiB, unlimited; else as set.")
    private @Nullable ByteRate rate;

    StoreScrubCommand(Invocation invocation) {
        this.invocation = invocation;
    }

    @Override
    public Integer call() throws IOException {
        ObjectNode request = ControlClient.request("scrub");
        if (rate != null) {
            request.put("rate", rate.bytesPerSecond() == 0 ? Long.MAX_VALUE : rate.bytesPerSecond());
        }
        try (ControlClient agent =
                        ControlClient.open(invocation.home(), invocation.shell().environment());
                ShownProgress progress = invocation.progress()) {
            JsonNode report = agent.ask(request, progress);
            progress.end();
            invocation.output().result(report, text(report));
            boolean whole =
                    report.path("findings").size() + report.path("unlisted").asLong()
                            <= report.path("repaired").asLong();
            return whole ? Commands.done() : ExitCode.CORRUPT.code();
        }
    }

    private static String text(JsonNode report) {
        StringBuilder text = new StringBuilder();
        for (JsonNode finding : report.path("findings")) {
            text.append(finding.path("where").asText())
                    .append(": ")
                    .append(finding.path("message").asText())
                    .append('\n');
        }
        return text.append("read ")
                .append(Units.humanBytes(report.path("checkedBytes").asLong()))
                .append(": ")
                .append(report.path("badChunks").asLong())
                .append(" bad chunks, ")
                .append(report.path("repaired").asLong())
                .append(" repaired")
                .toString();
    }
}
