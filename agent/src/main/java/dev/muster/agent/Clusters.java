package dev.muster.agent;

import java.time.Duration;
import dev.muster.protocol.cluster.LateFleet;
import dev.muster.agent.enrol.Enrolled;
import dev.muster.protocol.cluster.ClusterSettings;
import dev.muster.protocol.cluster.Fleet;
import dev.muster.protocol.cluster.NoFleet;
import dev.muster.protocol.cluster.SeenMembers;
import dev.muster.protocol.wire.Address;
import java.io.IOException;
import java.nio.file.Path;

/// How this host sees the fleet: as a member of the cluster, or not at all.
final class Clusters {
    private static final Duration AGAIN = Duration.ofSeconds(15);

    private Clusters() {}

    /// Nothing here waits for the cluster.
    ///
    /// @param seen the file of members seen before
    /// @throws dev.muster.protocol.MusterException.BadConfiguration if members may not listen or join there
    static Fleet open(AgentConfig config, Enrolled enrolled, Path seen) throws IOException {
        if (!config.cluster().enabled()) {
            return new NoFleet();
        }
        ClusterSettings settings = new ClusterSettings(
                enrolled.fleet(),
                new Address(config.address().host(), config.cluster().port()),
                enrolled.cluster(),
                config.cluster().allowPlain());
        settings.check();
        return LateFleet.open(() -> new SeenMembers(seen).open(settings), AGAIN);
    }
}
