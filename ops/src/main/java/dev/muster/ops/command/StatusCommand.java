package dev.muster.ops.command;

import com.fasterxml.jackson.databind.JsonNode;
import dev.muster.ops.fleet.Operator;
import dev.muster.ops.fleet.Status;
import dev.muster.ops.shell.Screen;
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

    /// However small the screen is, so many hosts are shown.
    private static final int HOSTS_MIN = 5;

    /// Lines of a frame that are neither sites nor hosts.
    private static final int AROUND = 8;

    private final Invocation invocation;

    @Option(
            names = "--watch",
            description = "Follow what goes on until interrupted: sites, rates, who is served by whom. With --json, a "
                    + "line every second.")
    private boolean watch;

    StatusCommand(Invocation invocation) {
        this.invocation = invocation;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        try (Operator operator = invocation.operator()) {
            Map<String, String> names = Status.names(operator.get("/v1/images"));
            if (watch) {
                watch(operator, names);
            }
            JsonNode status = operator.get("/v1/status");
            invocation.output().result(status, Status.text(status, names));
        }
        return Commands.done();
    }

    private void watch(Operator operator, Map<String, String> names) throws IOException, InterruptedException {
        Screen screen = new Screen(invocation.shell());
        while (true) {
            JsonNode status = operator.get("/v1/status");
            if (invocation.output().isJson()) {
                invocation.output().result(status, "");
            } else {
                int hosts = Math.max(
                        HOSTS_MIN, screen.lines() - status.path("sites").size() - AROUND);
                screen.show(Status.frame(status, names, hosts), Status.line(status));
            }
            Thread.sleep(AGAIN);
        }
    }
}
