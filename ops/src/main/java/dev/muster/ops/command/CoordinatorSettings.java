package dev.muster.ops.command;

import dev.muster.coordinator.CoordinatorConfig;
import dev.muster.protocol.cluster.ClusterSettings;
import dev.muster.protocol.config.Settings;
import dev.muster.protocol.wire.Address;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/// Everything that an operator may set of a coordinator. Each key, its default and what it is for stand in [#read].
///
/// @param address where it listens for HTTPS
/// @param others coordinators of the same fleet
record CoordinatorSettings(
        Address address, Cluster cluster, List<Address> others, CoordinatorConfig.Lives lives, Duration silentAfter) {
    static final String FILE = "coordinator.conf";

    /// @param enabled whether this coordinator is a member of the cluster
    /// @param address where members reach it
    /// @param join other members
    record Cluster(boolean enabled, Address address, List<Address> join) {
        ClusterSettings of(String fleet) {
            return new ClusterSettings(fleet, address, join);
        }
    }

    /// Reads every key; the caller finishes the settings.
    static CoordinatorSettings read(Settings settings) {
        CoordinatorConfig.Lives lives = CoordinatorConfig.Lives.defaults();
        String host = settings.value(
                "address",
                "127.0.0.1",
                "127.0.0.1",
                "the address that it listens on",
                text -> new Address(text, 0).host());
        int port = settings.number("port", CoordinatorConfig.PORT, 0, 65535, "of the HTTPS interface; 0: any free one");
        return new CoordinatorSettings(
                new Address(host, port),
                cluster(settings, host),
                settings.value(
                        "coordinators",
                        List.of(),
                        "",
                        "the other coordinators of this fleet, HOST:PORT separated by commas",
                        CoordinatorSettings::list),
                new CoordinatorConfig.Lives(
                        settings.duration("certificate.host-life", "24h", "how long a host's certificate lives"),
                        lives.operator(),
                        lives.coordinator()),
                settings.duration("silent-after", "30s", "a host without a report for so long counts as silent"));
    }

    private static Cluster cluster(Settings settings, String host) {
        boolean enabled = settings.flag("cluster.enabled", true, "whether it is a member of the cluster");
        int port = settings.number("cluster.port", 7401, 0, 65535, "where members reach it; 0: any free one");
        List<Address> join = settings.value(
                "cluster.join",
                List.of(),
                "",
                "other members, HOST:PORT separated by commas",
                CoordinatorSettings::list);
        return new Cluster(enabled, new Address(host, port), join);
    }

    private static List<Address> list(String text) {
        return Stream.of(text.split(",", -1))
                .map(String::strip)
                .filter(part -> !part.isEmpty())
                .map(Address::parse)
                .toList();
    }

    /// @param members where hosts find the cluster
    CoordinatorConfig config(Path home, Path runtime, List<Address> members) {
        return new CoordinatorConfig(
                home, address, new CoordinatorConfig.Others(members, others), runtime, lives, silentAfter);
    }
}
