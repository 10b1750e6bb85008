package dev.muster.protocol.cluster;

import dev.muster.protocol.MusterException.BadConfiguration;
import dev.muster.protocol.wire.Address;
import dev.muster.protocol.wire.Name;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;

/// How a node becomes a member of the cluster.
///
/// @param fleet by which a cluster is named
/// @param address where to listen; the host must be an address of this machine
/// @param join members that may be there: configured ones, and those remembered from [HazelcastFleet#members]
public record ClusterSettings(String fleet, Address address, List<Address> join) {
    public static final int JOIN_MAX = 256;

    public ClusterSettings {
        Name.checked("fleet", fleet);
        join = List.copyOf(join);
        if (join.size() > JOIN_MAX) {
            throw new IllegalArgumentException(
                    "cluster: expected at most " + JOIN_MAX + " members to join, found " + join.size());
        }
    }

    /// @throws BadConfiguration if a host has no address, or one that is not loopback without leave
    public void check() throws BadConfiguration {
        String _ = bindHost();
    }

    /// The IP literal to listen on.
    ///
    /// @throws BadConfiguration if the host has no address
    String bindHost() throws BadConfiguration {
        try {
            return InetAddress.getByName(address.host()).getHostAddress();
        } catch (UnknownHostException _) {
            throw new BadConfiguration("cluster address " + address + ": expected a known host, found none");
        }
    }
}
