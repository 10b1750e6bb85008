package dev.muster.protocol.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.muster.protocol.cluster.Presence.Kind;
import dev.muster.protocol.wire.Address;
import dev.muster.protocol.wire.PeerAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class NoFleetTest {

    @Test
    void aNodeWithoutAClusterSeesItselfAlone() {
        Presence self = new Presence(
                Kind.AGENT,
                new PeerAddress("a", "site", new Address("127.0.0.1", 7410)),
                Optional.empty(),
                Map.of(),
                0,
                List.of());
        try (NoFleet fleet = new NoFleet()) {
            assertEquals(List.of(), fleet.present());

            fleet.publish(self);

            assertEquals(List.of(self), fleet.present());
        }
    }
}
