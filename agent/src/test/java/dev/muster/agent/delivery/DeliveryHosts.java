package dev.muster.agent.delivery;

import static dev.muster.protocol.Eventually.eventually;

import dev.muster.chunkstore.store.MemoryChunkStore;
import dev.muster.chunkstore.store.RandomImage;
import dev.muster.protocol.net.MemoryPeerNetwork;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/// Hosts on one network in memory, some of which may have an image.
final class DeliveryHosts implements AutoCloseable {
    final MemoryPeerNetwork.Switch network = new MemoryPeerNetwork.Switch();
    private final RandomImage image;
    private final List<DeliveryHost> all = new ArrayList<>();

    DeliveryHosts(RandomImage image) {
        this.image = image;
    }

    /// In the order in which they came.
    List<DeliveryHost> all() {
        return all;
    }

    DeliveryHost add(String id, MemoryChunkStore store) throws IOException {
        DeliveryHost host = new DeliveryHost(id, network, store);
        all.add(host);
        return host;
    }

    /// A store that has the image.
    MemoryChunkStore whole() throws IOException {
        MemoryChunkStore store = new MemoryChunkStore();
        image.installInto(store);
        return store;
    }

    /// Returns when everybody is connected with everybody.
    void connectAll() throws InterruptedException {
        for (int i = 0; i < all.size(); i++) {
            for (int j = 0; j < i; j++) {
                all.get(i).connect(all.get(j));
            }
        }
        eventually(
                "all are connected",
                () -> all.stream().allMatch(host -> host.swarms.connections().size() == all.size() - 1));
    }

    @Override
    public void close() {
        all.forEach(DeliveryHost::close);
    }
}
