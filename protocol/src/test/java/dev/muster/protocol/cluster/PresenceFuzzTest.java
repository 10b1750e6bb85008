package dev.muster.protocol.cluster;

import dev.muster.protocol.cluster.Presence.Kind;
import dev.muster.protocol.cluster.Presence.Part;
import dev.muster.protocol.content.Hash;
import dev.muster.protocol.content.ManifestId;
import dev.muster.protocol.fuzz.Fuzzed;
import dev.muster.protocol.fuzz.Fuzzing;
import dev.muster.protocol.wire.Address;
import dev.muster.protocol.wire.PeerAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What any member of the cluster may say.
final class PresenceFuzzTest implements Fuzzed {
    @Override
    public List<Fuzzing> targets() {
        Presence presence = new Presence(
                Kind.AGENT,
                new PeerAddress("h1", "rack-1", new Address("10.0.0.1", 7410)),
                Optional.of(new Address("::1", 7411)),
                Map.of("role", "web", "room", "Köln"),
                7,
                List.of(new Part(new ManifestId(Hash.of(new byte[] {1})), 3, 10)));
        Vouched vouched = new Vouched(Duration.ofMinutes(1));
        vouched.put(presence);
        byte[] packets = HexFormat.of().parseHex("485a43" + "04" + "0010" + "ffffffff" + "00000002" + "0102");
        return List.of(
                Fuzzing.of("presence", List.of(PresenceCodec.encode(presence)), PresenceCodec::decode),
                Fuzzing.of("vouched", List.of(vouched.encode()), Vouched::decode),
                Fuzzing.of("member-packet", List.of(packets), bytes -> new PacketLimit().scan(ByteBuffer.wrap(bytes))));
    }
}
