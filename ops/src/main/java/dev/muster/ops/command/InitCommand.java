package dev.muster.ops.command;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.muster.coordinator.CoordinatorConfig;
import dev.muster.coordinator.FleetInit;
import dev.muster.ops.shell.Json;
import dev.muster.protocol.disk.DurableFile;
import dev.muster.protocol.wire.Address;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `muster init`: makes a fleet.
@Command(
        name = "init",
        description = "Make a new fleet: its keys, its first coordinator and its first operator.",
        footer = {"", "Example:", "  muster init fleet --coordinator-address 10.0.0.1"})
final class InitCommand implements Callable<Integer> {
    private final Invocation invocation;

    @Parameters(paramLabel = "DIR", description = "Where to make it: DIR/keys, DIR/coordinator, DIR/operator.")
    private Path directory = Path.of("");

    @Option(
            names = "--fleet",
            paramLabel = "NAME",
            defaultValue = "muster",
            description = "Its name: ${DEFAULT-VALUE}.")
    private String fleet = "";

    @Option(
            names = "--coordinator-address",
            paramLabel = "IP[:PORT]",
            defaultValue = "127.0.0.1",
            description =
                    "Where its coordinator will be reached: ${DEFAULT-VALUE}, port " + CoordinatorConfig.PORT + ".",
            converter = Coordinates.class)
    private Address coordinator = new Address("127.0.0.1", CoordinatorConfig.PORT);

    InitCommand(Invocation invocation) {
        this.invocation = invocation;
    }

    @Override
    public Integer call() throws IOException {
        FleetInit.Made made = FleetInit.create(directory, fleet, coordinator, Instant.now());
        String settings = "address = " + coordinator.host() + "\nport = " + coordinator.port() + "\n";
        DurableFile.write(
                made.coordinator().resolve(CoordinatorSettings.FILE), settings.getBytes(StandardCharsets.UTF_8));
        ObjectNode json = Json.object()
                .put("fleet", made.fleet())
                .put("root", made.root().toString())
                .put("coordinator", made.coordinator().toString())
                .put("keys", made.keys().toString())
                .put("operator", made.operator().toString());
        ArrayNode offline = json.putArray("offline");
        made.offline().forEach(file -> offline.add(file.toString()));
        invocation.output().result(json, text(made));
        return Commands.done();
    }

    private static String text(FleetInit.Made made) {
        return """
                fleet        %s
                root         %s
                coordinator  %s    run it: muster coordinator --home %s
                operator     %s
                keys         %s
                offline      %s
                             take these to a machine without a network: who has them has the fleet""".formatted(
                        made.fleet(),
                        made.root(),
                        made.coordinator(),
                        made.coordinator(),
                        made.operator(),
                        made.keys(),
                        made.offline().stream().map(Path::toString).collect(Collectors.joining(", ")));
    }
}
