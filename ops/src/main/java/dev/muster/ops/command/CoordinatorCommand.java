package dev.muster.ops.command;

import dev.muster.coordinator.Coordinator;
import dev.muster.coordinator.catalog.Roots;
import dev.muster.ops.shell.Json;
import dev.muster.protocol.MusterException.BadConfiguration;
import dev.muster.protocol.cluster.Fleet;
import dev.muster.protocol.cluster.HazelcastFleet;
import dev.muster.protocol.cluster.NoFleet;
import dev.muster.protocol.cluster.SeenMembers;
import dev.muster.protocol.config.Settings;
import dev.muster.protocol.disk.RuntimeDirectory;
import dev.muster.protocol.trust.document.Root;
import dev.muster.protocol.trust.key.FleetTrust;
import dev.muster.protocol.trust.key.Subject;
import dev.muster.protocol.trust.key.Subject.Role;
import dev.muster.protocol.trust.key.TlsKeys;
import dev.muster.protocol.wire.Address;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `muster coordinator`: runs a coordinator until it is told to stop.
@Command(
        name = "coordinator",
        description = "Run a coordinator.",
        footer = {"", "Example:", "  muster coordinator --home fleet/coordinator --address 10.0.0.1"})
final class CoordinatorCommand implements Callable<Integer> {
    private final Invocation invocation;

    @Option(names = "--address", paramLabel = "IP", description = "Where it listens.")
    private @Nullable String address;

    @Option(names = "--join", paramLabel = "HOST:PORT", split = ",", description = "Members of the cluster to join.")
    private List<Address> join = new ArrayList<>();

    CoordinatorCommand(Invocation invocation) {
        this.invocation = invocation;
    }

    @Override
    public Integer call() throws IOException {
        Path home = invocation.home();
        if (!Files.isDirectory(home.resolve("roots"))) {
            throw new BadConfiguration(
                    home + ": expected the home of a coordinator, found none; make a fleet: muster init DIR");
        }
        Settings given = Settings.read(
                home.resolve(CoordinatorSettings.FILE),
                overrides(),
                invocation.shell().environment());
        CoordinatorSettings settings = CoordinatorSettings.read(given);
        given.finish();
        Path runtime = RuntimeDirectory.of(home, invocation.shell().environment());
        Root root = Roots.open(home.resolve("roots")).newest();
        String name = root.fleet();
        TlsKeys keys = Coordinator.keys(home);
        AtomicReference<Predicate<Subject>> revoked = new AtomicReference<>(_ -> false);
        FleetTrust trust = trust(root).without(member -> revoked.get().test(member));
        try (Fleet fleet = fleet(settings, trust, keys, home.resolve("cluster"));
                Coordinator coordinator = Coordinator.open(
                        settings.config(home, runtime, members(fleet)), keys, fleet, InstantSource.system())) {
            revoked.set(coordinator::isRevoked);
            fleet.sendAwayRevoked();
            String at = coordinator.address().toString();
            invocation
                    .output()
                    .result(
                            Json.object().put("ready", true).put("fleet", name).put("address", at),
                            "coordinator ready: fleet " + name + " at " + at);
            Commands.awaitStop();
        }
        return Commands.done();
    }

    private List<String> overrides() {
        List<String> overrides = new ArrayList<>();
        if (address != null) {
            overrides.add("address=" + address);
        }
        if (!join.isEmpty()) {
            overrides.add("cluster.join="
                    + String.join(",", join.stream().map(Address::toString).toList()));
        }
        overrides.addAll(invocation.settings());
        return overrides;
    }

    /// @param seen the file of members seen before: a coordinator that comes back joins the cluster that went on
    private static Fleet fleet(CoordinatorSettings settings, FleetTrust trust, TlsKeys keys, Path seen)
            throws IOException {
        if (!settings.cluster().enabled()) {
            return new NoFleet();
        }
        return new SeenMembers(seen).open(settings.cluster().of(fleetOf(keys)), keys, trust);
    }

    private static String fleetOf(TlsKeys keys) {
        return keys.newest().orElseThrow().subject().fleet();
    }

    /// In the members of the cluster.
    private static FleetTrust trust(Root root) {
        Set<Role> members = EnumSet.of(Role.HOST, Role.COORDINATOR);
        return new FleetTrust(root.fleet(), root.terms().caRoot(), members, InstantSource.system())
                .withGrace(Duration.ofDays(root.terms().graceDays()));
    }

    private static List<Address> members(Fleet fleet) {
        return fleet instanceof HazelcastFleet cluster ? cluster.members() : List.of();
    }
}
