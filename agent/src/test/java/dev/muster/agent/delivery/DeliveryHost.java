package dev.muster.agent.delivery;

import dev.muster.agent.limit.Throttle;
import dev.muster.agent.swarm.Limits;
import dev.muster.chunkstore.Progress;
import dev.muster.chunkstore.codec.FrameCodec;
import dev.muster.chunkstore.store.ChunkStore;
import dev.muster.protocol.content.Manifest;
import dev.muster.protocol.content.ManifestId;
import dev.muster.protocol.net.LinkLimits;
import dev.muster.protocol.net.MemoryPeerNetwork;
import dev.muster.protocol.net.PeerListener;
import dev.muster.protocol.net.PeerNetwork;
import dev.muster.protocol.wire.Address;
import dev.muster.protocol.wire.PeerAddress;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/// A host with a store and swarms and nothing else, on a network in memory unless it is given another.
public final class DeliveryHost implements AutoCloseable {
    public final String id;
    public final ChunkStore store;
    public final Swarms swarms;
    public final Delivery delivery;
    private final FrameCodec codec = new FrameCodec();
    private final Pools pools = Pools.open();
    private final PeerNetwork network;

    public DeliveryHost(String id, MemoryPeerNetwork.Switch hosts, ChunkStore store) throws IOException {
        this(id, "site", hosts, store);
    }

    DeliveryHost(String id, String site, MemoryPeerNetwork.Switch hosts, ChunkStore store) throws IOException {
        this(id, site, listener -> hosts.open(id, site, LinkLimits.defaults(), listener), store);
    }

    /// Makes the network that a host is on.
    interface Opening {
        PeerNetwork open(PeerListener listener) throws IOException;
    }

    DeliveryHost(String id, Opening opening, ChunkStore store) throws IOException {
        this(id, "site", opening, store);
    }

    private DeliveryHost(String id, String site, Opening opening, ChunkStore store) throws IOException {
        this.id = id;
        this.store = store;
        Swarms.Setting setting =
                new Swarms.Setting(id, site, Limits.DEFAULT, _ -> Optional.empty(), _ -> Optional.empty());
        this.swarms = new Swarms(store, codec, pools, Throttle.none(), new Traffic(), setting);
        this.delivery = new Delivery(store, swarms, _ -> Optional.empty());
        swarms.start(delivery);
        this.network = opening.open(swarms);
        delivery.serveInstalled();
    }

    public void connect(DeliveryHost other) {
        network.connect(new PeerAddress(other.id, other.swarms.site(), other.network.address()));
    }

    Address address() {
        return network.address();
    }

    void connect(PeerAddress other) {
        network.connect(other);
    }

    Manifest fetch(ManifestId manifest) throws IOException, InterruptedException {
        return delivery.fetch(manifest, Progress.NONE, Duration.ofSeconds(10));
    }

    @Override
    public void close() {
        network.close();
        swarms.close();
        pools.close();
        codec.close();
    }
}
