package dev.muster.protocol.cluster;

import dev.muster.protocol.MusterException.BadConfiguration;
import dev.muster.protocol.wire.Address;
import dev.muster.protocol.wire.Name;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;

/// How a node becomes a member of the cluster.
///
/// @param fleet members of other fleets are not let in, as far as the cluster can tell
/// @param address where to listen; the host must be an address of this machine
/// @param join members that may be there: configured ones, and those remembered from [HazelcastFleet#members]
/// @param allowPlain whether addresses other than loopback are allowed, although members neither encrypt nor
///     authenticate
public record ClusterSettings(String fleet, Address address, List<Address> join, boolean allowPlain) {
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
    /// @throws BadConfiguration if a host has no address, or one that is not loopback without leave
    String bindHost() throws BadConfiguration {
        if (!allowPlain) {
            for (Address member : join) {
                requireLoopback(member);
            }
            requireLoopback(address);
        }
        return resolve(address).getHostAddress();
    }

    private static void requireLoopback(Address address) throws BadConfiguration {
        if (!resolve(address).isLoopbackAddress()) {
            throw new BadConfiguration(
                    "cluster address " + address + ": expected loopback, because members talk in plain"
                            + " text to anybody; a protected network is allowed with cluster.allow-plain = true");
        }
    }

    private static InetAddress resolve(Address address) throws BadConfiguration {
        try {
            return InetAddress.getByName(address.host());
        } catch (UnknownHostException _) {
            throw new BadConfiguration("cluster address " + address + ": expected a known host, found none");
        }
    }
}
