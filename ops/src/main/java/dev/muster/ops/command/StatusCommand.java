package dev.muster.ops.command;

import com.fasterxml.jackson.databind.JsonNode;
import dev.muster.ops.fleet.Operator;
import dev.muster.ops.fleet.Status;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `muster status`: the fleet as it is now.
@Command(
        name = "status",
        description = "Print what every host runs and does.",
        footer = {"", "Example:", "  muster status --watch --operator fleet/operator"})
final class StatusCommand implements Callable<Integer> {
    private static final Duration AGAIN = Duration.ofSeconds(1);

    private final Invocation invocation;

    @Option(names = "--watch", description = "Print it again every second, until interrupted.")
    private boolean watch;

    StatusCommand(Invocation invocation) {
        this.invocation = invocation;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        try (Operator operator = invocation.operator()) {
            Map<String, String> names = Status.names(operator.get("/v1/images"));
            while (true) {
                JsonNode status = operator.get("/v1/status");
                invocation.output().result(status, Status.text(status, names) + (watch ? "\n" : ""));
                if (!watch) {
                    return Commands.done();
                }
                Thread.sleep(AGAIN);
            }
        }
    }
}
