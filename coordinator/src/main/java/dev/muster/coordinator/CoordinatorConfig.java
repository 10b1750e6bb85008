package dev.muster.coordinator;

import dev.muster.protocol.wire.Address;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/// How one coordinator runs.
///
/// @param home made by [FleetInit]
/// @param address where to listen for HTTPS; port 0 for any free one
/// @param others who else there is
/// @param runtime a directory of this machine for locks
/// @param lives how long certificates live
/// @param silentAfter how long after its last report a host counts as silent
public record CoordinatorConfig(
        Path home, Address address, Others others, Path runtime, Lives lives, Duration silentAfter) {
    public static final int PORT = 7443;

    /// Who else there is.
    ///
    /// @param cluster where members of the cluster may be
    /// @param coordinators of the same fleet, whose API is there
    public record Others(List<Address> cluster, List<Address> coordinators) {
        public Others {
            cluster = List.copyOf(cluster);
            coordinators = List.copyOf(coordinators);
        }

        public static Others none() {
            return new Others(List.of(), List.of());
        }
    }

    /// Of certificates, from now.
    public record Lives(Duration host, Duration operator, Duration coordinator) {
        public static Lives defaults() {
            return new Lives(Duration.ofHours(24), Duration.ofDays(365), Duration.ofDays(90));
        }
    }

    /// What holds where nothing was configured.
    public static CoordinatorConfig defaults(Path home) {
        return new CoordinatorConfig(
                home,
                new Address("127.0.0.1", PORT),
                Others.none(),
                Path.of(System.getProperty("java.io.tmpdir"), "muster-" + System.getProperty("user.name")),
                Lives.defaults(),
                Duration.ofSeconds(30));
    }

    public CoordinatorConfig withAddress(Address address) {
        return new CoordinatorConfig(home, address, others, runtime, lives, silentAfter);
    }

    public CoordinatorConfig withRuntime(Path runtime) {
        return new CoordinatorConfig(home, address, others, runtime, lives, silentAfter);
    }

    public CoordinatorConfig withOthers(Others others) {
        return new CoordinatorConfig(home, address, others, runtime, lives, silentAfter);
    }
}
