package dev.muster.agent.delivery;

import static dev.muster.protocol.Eventually.eventually;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.muster.chunkstore.store.MemoryChunkStore;
import dev.muster.chunkstore.store.RandomImage;
import dev.muster.protocol.content.Frame;
import dev.muster.protocol.content.ManifestId;
import dev.muster.protocol.net.FleetFixture;
import dev.muster.protocol.net.LinkLimits;
import dev.muster.protocol.net.PeerLink;
import dev.muster.protocol.net.PeerListener;
import dev.muster.protocol.net.PeerNetwork;
import dev.muster.protocol.wire.Bitfield;
import dev.muster.protocol.wire.Message;
import dev.muster.protocol.wire.PeerAddress;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// A member of the fleet that does not behave, over real connections: what it costs a host is bounded.
final class FloodTest {
    private static final long MIB = 1 << 20;

    /// What the kernel holds of a connection over loopback, both ends together, at the most.
    private static final long SOCKET_BYTES_MAX = 12 * MIB;

    /// So often all of the image is asked for.
    private static final int ROUNDS = 30;

    private static final int CANCELS = 200_000;
    private static final int UNASKED = 2_000;

    private final FleetFixture fleet = new FleetFixture("flood");
    private final RandomImage image = RandomImage.ofBlocks(new Random(3), 10_000, 256);
    private final ManifestId id = image.manifest().id();
    private final Rude rude = new Rude();
    private final List<AutoCloseable> open = new ArrayList<>();
    private DeliveryHost source;

    /// The link with the host, and how much came over it.
    private static final class Rude implements PeerListener {
        final CompletableFuture<PeerLink> link = new CompletableFuture<>();
        final AtomicLong frames = new AtomicLong();
        final CompletableFuture<String> closed = new CompletableFuture<>();

        @Override
        public void connected(PeerLink connected) {
            link.complete(connected);
        }

        @Override
        public void received(PeerLink from, Message message) {
            frames.addAndGet(message instanceof Message.Data ? 1 : 0);
        }

        @Override
        public void drained(PeerLink room) {}

        @Override
        public void closed(PeerLink gone, String why) {
            closed.complete(why);
        }

        @Override
        public void failed(PeerAddress peer, String why) {
            link.completeExceptionally(new IOException(why));
        }
    }

    @BeforeEach
    void open() throws IOException {
        MemoryChunkStore whole = new MemoryChunkStore();
        image.installInto(whole);
        source = host("source", whole);
    }

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable each : open.reversed()) {
            each.close();
        }
    }

    @Test
    void aReaderThatStopsReadingBoundsWhatTheSenderHolds() throws Exception {
        PeerLink link = connect(source);
        PeerLink served = source.swarms.connections().iterator().next().link();
        link.send(new Message.Participate(id, new Bitfield(image.chunks().size())));
        link.pause();

        long asked = 0;
        for (int round = 0; round < ROUNDS; round++) {
            for (int chunk = 0; chunk < image.chunks().size(); chunk++) {
                link.send(new Message.Request(round * 1000 + chunk, id, chunk, 0xff, true));
                asked += image.chunks().get(chunk).wireBytes();
            }
            TimeUnit.MILLISECONDS.sleep(50);
        }
        eventually("nothing more is written", () -> isStill(served));

        long bound = SOCKET_BYTES_MAX + LinkLimits.defaults().queueBytes() + MIB;
        long held = served.sentBytes() + served.queuedBytes();
        assertTrue(asked > 2 * bound, "asked for " + asked);
        assertTrue(served.queuedBytes() <= LinkLimits.defaults().queueBytes() + MIB, "queued " + served.queuedBytes());
        assertTrue(held <= bound, "sent " + held + " of " + asked);

        DeliveryHost other = host("other", new MemoryChunkStore());
        other.connect(source);
        other.fetch(id);
        assertTrue(other.delivery.whole().contains(id), "others are served meanwhile");
        link.resume();
        eventually("what was sent is read", () -> rude.frames.get() > 0 && served.queuedBytes() == 0);
    }

    private static boolean isStill(PeerLink link) {
        long before = link.sentBytes() + link.queuedBytes();
        try {
            TimeUnit.MILLISECONDS.sleep(300);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
        return before > MIB && link.sentBytes() + link.queuedBytes() == before;
    }

    @Test
    void aFloodOfCancelsIsBorneAndOthersAreServed() throws Exception {
        PeerLink link = connect(source);
        PeerLink flooded = source.swarms.connections().iterator().next().link();
        link.send(new Message.Participate(id, new Bitfield(image.chunks().size())));
        for (int i = 0; i < CANCELS; i++) {
            link.send(new Message.Cancel(i));
            while (link.queuedBytes() > MIB) {
                TimeUnit.MILLISECONDS.sleep(1);
            }
        }
        DeliveryHost other = host("other", new MemoryChunkStore());
        other.connect(source);

        other.fetch(id);

        assertTrue(other.delivery.whole().contains(id), "others are served");
        eventually("all of it is read", () -> flooded.receivedBytes() >= link.sentBytes());
        assertTrue(flooded.sentBytes() < MIB, "cancels are answered with " + flooded.sentBytes() + " bytes");
    }

    @Test
    void whoSendsFramesThatNobodyAskedForIsLeft() throws Exception {
        DeliveryHost host = host("host", new MemoryChunkStore());
        image.putManifest(host.store);
        host.swarms.open(image.manifest());
        PeerLink link = connect(host);
        PeerLink flooded = host.swarms.connections().iterator().next().link();
        link.send(new Message.Participate(id, Bitfield.full(image.chunks().size())));
        Frame frame = image.chunks().getFirst().frames().getFirst();

        for (int i = 0; i < UNASKED && !rude.closed.isDone(); i++) {
            link.send(new Message.Data(1 << 20, i % 8, frame));
            while (link.queuedBytes() > MIB && !rude.closed.isDone()) {
                TimeUnit.MILLISECONDS.sleep(1);
            }
        }

        rude.closed.get(30, TimeUnit.SECONDS);
        assertTrue(host.swarms.isBlamed("rude"), "it is named");
        long bound = Mailbox.HIGH + SOCKET_BYTES_MAX;
        assertTrue(flooded.receivedBytes() < bound, "received " + flooded.receivedBytes());
        host.connect(source);
        host.fetch(id);
        assertTrue(host.delivery.whole().contains(id));
    }

    private PeerLink connect(DeliveryHost to) throws Exception {
        PeerNetwork network = fleet.open("rude", LinkLimits.defaults(), rude);
        open.add(network);
        network.connect(new PeerAddress(to.id, "site-" + to.id, to.address()));
        PeerLink link = rude.link.get(30, TimeUnit.SECONDS);
        eventually("connected", () -> to.swarms.connections().size() == 1);
        return link;
    }

    /// In the site `site-ID`.
    private DeliveryHost host(String name, MemoryChunkStore store) throws IOException {
        DeliveryHost host =
                new DeliveryHost(name, listener -> fleet.open(name, LinkLimits.defaults(), listener), store);
        open.add(host);
        return host;
    }
}
