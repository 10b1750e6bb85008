package dev.muster.agent.delivery;

import dev.muster.protocol.net.PeerLink;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// The connections of one swarm, by host and by the number that its [dev.muster.agent.swarm.Swarm] knows them by. A
/// number is given again when its connection is gone.
final class SwarmPeers {
    private final Map<String, SwarmPeer> byHost = new HashMap<>();
    private final Map<Integer, SwarmPeer> byNumber = new HashMap<>();

    Collection<SwarmPeer> all() {
        return byHost.values();
    }

    int count() {
        return byHost.size();
    }

    /// The peer of that very link, and not of another one with the same host.
    Optional<SwarmPeer> of(String host, PeerLink link) {
        return Optional.ofNullable(byHost.get(host)).filter(peer -> peer.connection.isOver(link));
    }

    Optional<SwarmPeer> of(Connection connection) {
        return of(connection.host(), connection.link());
    }

    Optional<SwarmPeer> get(int number) {
        return Optional.ofNullable(byNumber.get(number));
    }

    /// The peer of that host, over whatever link.
    Optional<SwarmPeer> get(String host) {
        return Optional.ofNullable(byHost.get(host));
    }

    SwarmPeer add(Connection connection) {
        int number = 0;
        while (byNumber.containsKey(number)) {
            number++;
        }
        SwarmPeer peer = new SwarmPeer(connection, number);
        byHost.put(peer.host(), peer);
        byNumber.put(number, peer);
        return peer;
    }

    void remove(SwarmPeer peer) {
        byHost.remove(peer.host(), peer);
        byNumber.remove(peer.number);
    }
}
