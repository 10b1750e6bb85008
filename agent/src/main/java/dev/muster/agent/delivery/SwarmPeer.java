package dev.muster.agent.delivery;

import dev.muster.protocol.wire.Message;
import java.util.HashMap;
import java.util.Map;

/// A connection as one swarm sees it.
final class SwarmPeer {
    /// The chunk of a credit that has not been answered.
    static final Integer UNNAMED = -1;

    final Connection connection;

    /// By which the [dev.muster.agent.swarm.Swarm] knows it.
    final int number;

    /// It was told of our part and has not said that it has no such swarm.
    boolean told;

    /// It had the whole image when it joined.
    boolean source;

    /// The chunk of each of our requests.
    final Map<Integer, Integer> chunkOf = new HashMap<>();

    SwarmPeer(Connection connection, int number) {
        this.connection = connection;
        this.number = number;
    }

    String host() {
        return connection.host();
    }

    void say(Message message) {
        connection.link().send(message);
    }
}
