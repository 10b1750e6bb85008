package dev.muster.protocol.net;

import dev.muster.protocol.MusterException.Corrupt;
import dev.muster.protocol.codec.ByteReader;
import dev.muster.protocol.codec.ByteWriter;
import dev.muster.protocol.wire.Message;
import dev.muster.protocol.wire.PeerAddress;
import java.util.ArrayList;
import java.util.List;

/// Some hosts of the fleet, for one that knows nobody yet: u8 count (<= 64), { [PeerAddress] }.
public record PeerList(List<PeerAddress> peers) {
    public static final int PEERS_MAX = Message.PEERS_MAX;
    static final int BYTES_MAX = 1 << 16;

    public PeerList {
        peers = List.copyOf(peers);
        if (peers.size() > PEERS_MAX) {
            throw new IllegalArgumentException("expected at most " + PEERS_MAX + " peers, found " + peers.size());
        }
    }

    public byte[] encode() {
        ByteWriter out = new ByteWriter(1024).u8(peers.size());
        peers.forEach(peer -> peer.write(out));
        return out.toBytes();
    }

    public static PeerList decode(byte[] bytes) throws Corrupt {
        ByteReader in = ByteReader.of("peer list", bytes);
        int count = in.u8(PEERS_MAX);
        List<PeerAddress> peers = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            try {
                peers.add(PeerAddress.read(in));
            } catch (IllegalArgumentException e) {
                throw new Corrupt("peer list: " + e.getMessage(), e);
            }
        }
        in.end();
        return new PeerList(peers);
    }
}
