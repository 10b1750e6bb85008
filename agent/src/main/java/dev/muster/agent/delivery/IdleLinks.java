package dev.muster.agent.delivery;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// On which links nothing goes on but signs of life. To be asked every second or so, by one thread.
final class IdleLinks {
    private static final long IDLE_MILLIS = 5_000;

    /// Announcements and pings are less than this a second.
    private static final long ALIVE_BYTES = 4 << 10;

    private final Map<String, Seen> seen = new HashMap<>();

    /// @param bytes that the link had carried
    /// @param busy when it last carried more than signs of life
    private record Seen(long bytes, long at, long busy) {}

    /// The link that this end dialled and on which nothing went on for longest, if for some seconds.
    ///
    /// @param now milliseconds
    Optional<String> longest(Collection<Connection> connections, long now) {
        Set<String> there = connections.stream().map(Connection::host).collect(Collectors.toSet());
        seen.keySet().retainAll(there);
        Optional<String> longest = Optional.empty();
        long since = now - IDLE_MILLIS;
        for (Connection connection : connections) {
            long busy = look(connection, now).busy;
            if (connection.link().dialled() && busy < since) {
                since = busy;
                longest = Optional.of(connection.host());
            }
        }
        return longest;
    }

    private Seen look(Connection connection, long now) {
        long bytes = connection.link().sentBytes() + connection.link().receivedBytes();
        return seen.merge(connection.host(), new Seen(bytes, now, now), (old, fresh) -> {
            long alive = ALIVE_BYTES * Math.ceilDiv(now - old.at, 1_000);
            return new Seen(bytes, now, bytes - old.bytes > alive ? now : old.busy);
        });
    }
}
