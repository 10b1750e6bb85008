package dev.muster.ops.command;

import dev.muster.coordinator.CoordinatorConfig;
import dev.muster.coordinator.CoordinatorHome;
import dev.muster.ops.fleet.Operator;
import dev.muster.ops.shell.Json;
import dev.muster.protocol.MusterException.BadConfiguration;
import dev.muster.protocol.disk.DurableFile;
import dev.muster.protocol.trust.document.Names;
import dev.muster.protocol.trust.document.RootChain;
import dev.muster.protocol.trust.document.Signed;
import dev.muster.protocol.trust.key.FleetCa;
import dev.muster.protocol.trust.key.SigningKey;
import dev.muster.protocol.trust.key.Subject;
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

/// `muster coordinator make`: the home of another coordinator of a fleet.
@Command(
        name = "make",
        description = {
            "Make the home of another coordinator: a CA of its own under that of the fleet (--keys DIR has"
                    + " ca-root.pem),",
            "and a director key, which counts when a root names it. It follows the coordinators that are there; let"
                    + " them",
            "follow it too by the setting coordinators, and hosts by --coordinator when they join."
        },
        footer = {
            "",
            "Example:",
            "  muster coordinator make fleet/c2 --id c2 --address 10.0.0.2 --keys fleet/keys --operator fleet/operator"
        })
final class CoordinatorMakeCommand implements Callable<Integer> {
    private final Invocation invocation;

    @Parameters(paramLabel = "HOME", description = "Where to make it.")
    private Path home = Path.of("");

    @Option(names = "--id", paramLabel = "ID", required = true, description = "What it is called.")
    private String id = "";

    @Option(
            names = "--address",
            paramLabel = "IP[:PORT]",
            required = true,
            description = "Where it will be reached: port " + CoordinatorConfig.PORT + ", if none is given.",
            converter = Coordinates.class)
    private Address address = new Address("127.0.0.1", CoordinatorConfig.PORT);

    CoordinatorMakeCommand(Invocation invocation) {
        this.invocation = invocation;
    }

    @Override
    public Integer call() throws IOException {
        if (!Names.isName(id)) {
            throw new BadConfiguration("--id: expected a name of a-z 0-9 . _ -, found " + Names.printable(id, 80));
        }
        Path pub = home.resolve("director.pub");
        try (Operator operator = invocation.operator()) {
            RootChain roots = operator.roots();
            SigningKey director = SigningKey.generate(SigningKey.HYBRID);
            CoordinatorHome.Means means = new CoordinatorHome.Means(
                    FleetCa.load(invocation.keys().resolve("ca-root.pem")),
                    roots.roots().stream().map(Signed::envelope).toList(),
                    director);
            Subject self = new Subject(roots.newest().fleet(), Subject.Role.COORDINATOR, id);
            CoordinatorHome.create(home, self, address, means, Instant.now());
            director.verifyKey().save(pub);
            String others = operator.home().coordinators().stream()
                    .map(Address::toString)
                    .collect(Collectors.joining(", "));
            String settings =
                    "address = " + address.host() + "\nport = " + address.port() + "\ncoordinators = " + others + "\n";
            DurableFile.write(home.resolve(CoordinatorSettings.FILE), settings.getBytes(StandardCharsets.UTF_8));
        }
        invocation
                .output()
                .result(
                        Json.object()
                                .put("coordinator", home.toString())
                                .put("id", id)
                                .put("director", pub.toString()),
                        id + ": " + home + "\nit starts when a root names its key:"
                                + " muster keys rotate director --add " + pub + " --out root.request");
        return Commands.done();
    }
}
