package dev.muster.protocol.cluster;

import dev.muster.protocol.cluster.Presence.Kind;
import dev.muster.protocol.cluster.Presence.Part;
import dev.muster.protocol.content.Hash;
import dev.muster.protocol.content.ManifestId;
import dev.muster.protocol.fuzz.Fuzzing;
import dev.muster.protocol.wire.Address;
import dev.muster.protocol.wire.PeerAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PresenceFuzzTest {
    @Test
    void presences() {
        Presence presence = new Presence(
                Kind.AGENT,
                new PeerAddress("h1", "rack-1", new Address("10.0.0.1", 7410)),
                Optional.of(new Address("::1", 7411)),
                Map.of("role", "web", "room", "Köln"),
                7,
                List.of(new Part(new ManifestId(Hash.of(new byte[] {1})), 3, 10)));
        Fuzzing.of(PresenceFuzzTest.class, "presence", List.of(PresenceCodec.encode(presence)))
                .run(PresenceCodec::decode);
    }
}
