package dev.muster.protocol.cluster;

import dev.muster.protocol.MusterException.Corrupt;
import dev.muster.protocol.codec.ByteReader;
import dev.muster.protocol.codec.ByteWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// The nodes for which a member vouches, each for a while. As bytes: u16 n (<= 512) | n x { u32 length,
/// presence }. Safe for threads.
final class Vouched {
    private static final int NODES_MAX = 512;

    private final long lifeNanos;
    private final Map<String, Entry> nodes = new HashMap<>();

    private record Entry(Presence presence, long at) {}

    Vouched(Duration life) {
        this.lifeNanos = life.toNanos();
    }

    /// Has no room for more than it can hold.
    synchronized void put(Presence presence) {
        if (nodes.size() < NODES_MAX || nodes.containsKey(presence.id())) {
            nodes.put(presence.id(), new Entry(presence, System.nanoTime()));
        }
    }

    synchronized byte[] encode() {
        long now = System.nanoTime();
        nodes.values().removeIf(entry -> now - entry.at > lifeNanos);
        ByteWriter out = new ByteWriter().u16(nodes.size());
        nodes.values().forEach(entry -> out.blob(PresenceCodec.encode(entry.presence)));
        return out.toBytes();
    }

    static List<Presence> decode(byte[] bytes) throws Corrupt {
        ByteReader in = ByteReader.of("attached nodes", bytes);
        int count = in.u16(NODES_MAX);
        List<Presence> presences = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            presences.add(PresenceCodec.decode(in.blob(PresenceCodec.BYTES_MAX)));
        }
        in.end();
        return presences;
    }
}
