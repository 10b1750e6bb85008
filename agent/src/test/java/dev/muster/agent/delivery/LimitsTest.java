package dev.muster.agent.delivery;

import static dev.muster.protocol.Eventually.eventually;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.muster.agent.limit.HostLimits;
import dev.muster.agent.limit.Windows;
import dev.muster.agent.limit.WireCost;
import dev.muster.chunkstore.store.MemoryChunkStore;
import dev.muster.chunkstore.store.RandomImage;
import dev.muster.protocol.net.FleetFixture;
import dev.muster.protocol.net.LinkLimits;
import dev.muster.protocol.wire.Address;
import dev.muster.protocol.wire.PeerAddress;
import java.io.IOException;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Limits at the socket: a proxy between two hosts counts what one of them really sends.
final class LimitsTest {
    private static final int HANDSHAKE_BYTES = 16 << 10;

    private final FleetFixture fleet = new FleetFixture("limits");

    /// What a transfer came to.
    ///
    /// @param socketBytes what the source sent
    /// @param messageBytes what it counted itself
    /// @param rate of the interface, between a quarter of the image and nine tenths
    private record Transfer(double seconds, long socketBytes, long messageBytes, double rate) {
        double interfaceBytes() {
            return onInterface(socketBytes);
        }
    }

    private static double onInterface(long socketBytes) {
        return socketBytes * (double) WireCost.of(1 << 20) / WireCost.ofTls(1 << 20);
    }

    @Test
    void whatTheSocketSendsIsWhatIsCounted() throws Exception {
        Transfer transfer = transfer(2000, HostLimits.NONE, HostLimits.NONE);

        long expected = WireCost.ofTls(transfer.messageBytes);
        assertEquals(expected, transfer.socketBytes, HANDSHAKE_BYTES + expected * 0.01);
    }

    @Test
    void anUploadNeverGoesAboveItsLimit() throws Exception {
        long limit = 2_000_000;

        Transfer transfer = transfer(1000, upload(limit), HostLimits.NONE);

        double allowed = limit * (transfer.seconds + 0.02) + (128 << 10) + HANDSHAKE_BYTES;
        assertTrue(transfer.interfaceBytes() <= allowed, transfer + " allowed " + allowed);
    }

    @Test
    @Tag("long")
    void anUploadHoldsItsLimit() throws Exception {
        long limit = 1_000_000;

        Transfer transfer = transfer(12_000, upload(limit), HostLimits.NONE);

        assertTrue(transfer.rate / limit <= 1.05, transfer.toString());
        assertTrue(transfer.rate / limit >= 0.8, transfer.toString());
    }

    @Test
    @Tag("long")
    void aDownloadHoldsItsLimit() throws Exception {
        long limit = 1_000_000;

        Transfer transfer =
                transfer(12_000, HostLimits.NONE, new HostLimits(0, limit, 0, Map.of(), 0, Windows.NONE));

        // Buffers on the way take what is not read yet, so only the whole says what was let in.
        double rate = transfer.interfaceBytes() / transfer.seconds / limit;
        assertTrue(rate <= 1.05, transfer.toString());
        assertTrue(rate >= 0.8, transfer.toString());
    }

    @Test
    @Tag("long")
    void aWanLinkHoldsItsLimit() throws Exception {
        long limit = 1_000_000;

        Transfer transfer = transfer(
                12_000, new HostLimits(0, 0, 0, Map.of("site-receiver", limit), 0, Windows.NONE), HostLimits.NONE);

        assertTrue(transfer.rate / limit <= 1.05, transfer.toString());
        assertTrue(transfer.rate / limit >= 0.8, transfer.toString());
    }

    private static HostLimits upload(long bytesPerSecond) {
        return new HostLimits(bytesPerSecond, 0, 0, Map.of(), 0, Windows.NONE);
    }

    private Transfer transfer(int blocks, HostLimits atSource, HostLimits atReceiver) throws Exception {
        RandomImage image = RandomImage.ofBlocks(new Random(5), blocks, 256);
        MemoryChunkStore whole = new MemoryChunkStore();
        image.installInto(whole);
        try (DeliveryHost source = host("source", whole);
                DeliveryHost receiver = host("receiver", new MemoryChunkStore());
                CountingProxy proxy = new CountingProxy(source.address().port())) {
            receiver.connect(new PeerAddress("source", "site-source", new Address("127.0.0.1", proxy.port())));
            eventually(
                    "connected",
                    () -> source.swarms.connections().size() == 1
                            && receiver.swarms.connections().size() == 1);
            source.swarms.throttle().set(atSource);
            receiver.swarms.throttle().set(atReceiver);
            FutureTask<Double> rate =
                    new FutureTask<>(() -> rate(proxy, image.manifest().wireBytes()));
            Thread.ofVirtual().start(rate);
            long start = System.nanoTime();
            receiver.fetch(image.manifest().id());
            double seconds = (System.nanoTime() - start) / 1e9;
            long counted =
                    source.swarms.connections().iterator().next().link().sentBytes();
            return new Transfer(seconds, proxy.back(), counted, rate.get());
        }
    }

    private static double rate(CountingProxy proxy, long wireBytes) throws InterruptedException {
        long from = await(proxy, wireBytes / 4);
        long start = System.nanoTime();
        long to = await(proxy, wireBytes * 9 / 10);
        return onInterface(to - from) / ((System.nanoTime() - start) / 1e9);
    }

    private static long await(CountingProxy proxy, long bytes) throws InterruptedException {
        while (proxy.back() < bytes) {
            Thread.sleep(1);
        }
        return proxy.back();
    }

    /// In the site `site-ID`.
    private DeliveryHost host(String id, MemoryChunkStore store) throws IOException {
        return new DeliveryHost(id, listener -> fleet.open(id, LinkLimits.defaults(), listener), store);
    }
}
