package dev.muster.agent.delivery;

import static dev.muster.protocol.Eventually.eventually;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.muster.chunkstore.store.MemoryChunkStore;
import dev.muster.chunkstore.store.RandomImage;
import dev.muster.protocol.net.MemoryPeerNetwork;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class IdleLinksTest {
    @Test
    void aLinkOnWhichNothingGoesOnIsNamedAndOneThatWorksIsNot() throws Exception {
        MemoryPeerNetwork.Switch network = new MemoryPeerNetwork.Switch();
        RandomImage image = RandomImage.ofBlocks(new Random(7), 500, 32);
        MemoryChunkStore whole = new MemoryChunkStore();
        image.installInto(whole);
        try (DeliveryHost host = new DeliveryHost("host", network, new MemoryChunkStore());
                DeliveryHost source = new DeliveryHost("source", network, whole);
                DeliveryHost idle = new DeliveryHost("idle", network, new MemoryChunkStore())) {
            host.connect(source);
            host.connect(idle);
            eventually("connected", () -> host.swarms.connections().size() == 2);
            IdleLinks links = new IdleLinks();

            assertEquals(Optional.empty(), links.longest(host.swarms.connections(), 0));
            host.fetch(image.manifest().id());
            assertEquals(Optional.empty(), links.longest(host.swarms.connections(), 4_000));
            assertEquals(Optional.of("idle"), links.longest(host.swarms.connections(), 6_000));
            assertEquals(Optional.empty(), links.longest(idle.swarms.connections(), 20_000));
        }
    }
}
