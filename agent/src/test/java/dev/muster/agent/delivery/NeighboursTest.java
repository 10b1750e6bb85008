package dev.muster.agent.delivery;

import static dev.muster.protocol.Eventually.eventually;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.muster.agent.limit.Throttle;
import dev.muster.agent.swarm.Limits;
import dev.muster.chunkstore.codec.FrameCodec;
import dev.muster.chunkstore.store.MemoryChunkStore;
import dev.muster.protocol.cluster.NoFleet;
import dev.muster.protocol.net.PeerNetwork;
import dev.muster.protocol.wire.Address;
import dev.muster.protocol.wire.PeerAddress;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class NeighboursTest {
    private static final int PEERS = 2;

    @TempDir
    Path dir;

    @Test
    void hostsThatDoNotAnswerGiveWayToOthers() throws Exception {
        AddressBook book = AddressBook.open(dir.resolve("peers"));
        for (int i = 0; i < PEERS; i++) {
            book.put(new PeerAddress("h" + i, "a", new Address("127.0.0.1", 1)));
        }
        DeadNetwork network = new DeadNetwork();
        try (FrameCodec codec = new FrameCodec();
                Pools pools = Pools.open();
                Swarms swarms = swarms(codec, pools);
                Neighbours neighbours = new Neighbours("self", 1, network, swarms, new NoFleet(), book)) {
            neighbours.start();

            eventually("every one is tried", () -> network.dialled.size() == PEERS);

            assertEquals(Set.of("h0", "h1"), network.dialled);
        }
    }

    private static Swarms swarms(FrameCodec codec, Pools pools) {
        return new Swarms(
                new MemoryChunkStore(),
                codec,
                pools,
                Throttle.none(),
                new Traffic(),
                new Swarms.Setting("self", "a", Limits.DEFAULT, _ -> Optional.empty(), _ -> Optional.empty()));
    }

    /// Nobody answers.
    private static final class DeadNetwork implements PeerNetwork {
        final Set<String> dialled = ConcurrentHashMap.newKeySet();

        @Override
        public Address address() {
            return new Address("127.0.0.1", 2);
        }

        @Override
        public void connect(PeerAddress peer) {
            dialled.add(peer.host());
        }

        @Override
        public int links() {
            return 0;
        }

        @Override
        public void close() {}
    }
}
