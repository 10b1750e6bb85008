package dev.muster.agent;

import dev.muster.agent.enrol.Member;
import dev.muster.protocol.cluster.ClusterSettings;
import dev.muster.protocol.cluster.Fleet;
import dev.muster.protocol.cluster.NoFleet;
import dev.muster.protocol.cluster.SeenMembers;
import dev.muster.protocol.wire.Address;
import java.io.IOException;
import java.nio.file.Path;

/// How this host sees the fleet: as a member of the cluster, or not at all.
final class Clusters {
    private Clusters() {}

    /// @param seen the file of members seen before
    static Fleet open(AgentConfig config, Member member, Path seen) throws IOException {
        if (!config.cluster().enabled()) {
            return new NoFleet();
        }
        ClusterSettings settings = new ClusterSettings(
                member.enrolled().fleet(),
                new Address(config.address().host(), config.cluster().port()),
                member.enrolled().cluster());
        return new SeenMembers(seen).open(settings, member.keys(), member.clusterTrust());
    }
}
