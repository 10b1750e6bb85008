package dev.muster.agent;

import dev.muster.agent.enrol.Enrolled;
import dev.muster.protocol.MusterException.BadConfiguration;
import dev.muster.protocol.cluster.ClusterSettings;
import dev.muster.protocol.cluster.Fleet;
import dev.muster.protocol.cluster.HazelcastFleet;
import dev.muster.protocol.cluster.NoFleet;
import dev.muster.protocol.wire.Address;
import java.util.ArrayList;
import java.util.List;

/// Chooses how this host sees the fleet.
final class Clusters {
    private Clusters() {}

    /// @param remembered cluster members seen before, so that agents find each other with every coordinator gone
    static Fleet open(AgentConfig config, Enrolled membership, List<Address> remembered) throws BadConfiguration {
        if (!config.cluster().enabled()) {
            return new NoFleet();
        }
        List<Address> join = new ArrayList<>(membership.cluster());
        remembered.stream()
                .filter(address -> !join.contains(address))
                .limit(ClusterSettings.JOIN_MAX - join.size())
                .forEach(join::add);
        return HazelcastFleet.open(new ClusterSettings(
                membership.fleet(),
                new Address(config.address().host(), config.cluster().port()),
                join,
                config.cluster().allowPlain()));
    }
}
