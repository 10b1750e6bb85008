package dev.muster.agent.delivery;

import static dev.muster.protocol.Eventually.eventually;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.muster.chunkstore.store.MemoryChunkStore;
import dev.muster.chunkstore.store.RandomImage;
import dev.muster.protocol.MusterException.Unreachable;
import dev.muster.protocol.content.Chunk;
import dev.muster.protocol.content.Hash;
import dev.muster.protocol.content.ManifestId;
import dev.muster.protocol.net.LinkLimits;
import dev.muster.protocol.net.PeerLink;
import dev.muster.protocol.net.PeerListener;
import dev.muster.protocol.wire.Message;
import dev.muster.protocol.wire.PeerAddress;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Headers that come from peers, without their chunks.
final class HeadersTest {

    /// Three batches and a bit.
    private final RandomImage image = RandomImage.ofBlocks(new Random(11), 2000, 4);
    private final DeliveryHosts hosts = new DeliveryHosts(image);

    @AfterEach
    void close() {
        hosts.close();
    }

    @Test
    void allHeadersOfAnImageComeFromPeersForTheirOwnBytes() throws Exception {
        hosts.add("first", hosts.whole());
        hosts.add("second", hosts.whole());
        hosts.add("stranger", new MemoryChunkStore());
        DeliveryHost host = hosts.add("host", new MemoryChunkStore());
        hosts.connectAll();

        image.putManifest(host.store);
        BatchedHeaders headers = host.delivery.headers(host.delivery.manifest(
                image.manifest().id(), host.store.lease(image.manifest().id())));

        assertTrue(image.chunks().size() > 3 * BatchedHeaders.BATCH, "batches");
        long bytes = 0;
        for (Chunk chunk : image.chunks()) {
            assertEquals(chunk.header(), headers.header(chunk.id()).orElseThrow());
            assertFalse(host.store.has(chunk.id()));
            bytes += chunk.header().blocks() * (long) Hash.BYTES;
        }
        long expected = bytes;
        eventually("all is counted", () -> host.swarms.traffic().received() >= expected);
        assertEquals(bytes, host.swarms.traffic().received());
        assertEquals(0, headers.missing());
    }

    @Test
    void whatNoPeerHasWholeComesFromSeveral() throws Exception {
        MemoryChunkStore even = new MemoryChunkStore();
        MemoryChunkStore odd = new MemoryChunkStore();
        image.putManifest(even);
        image.putManifest(odd);
        for (int i = 0; i < image.chunks().size(); i++) {
            (i % 2 == 0 ? even : odd).put(image.chunks().get(i));
        }
        hosts.add("even", even);
        hosts.add("odd", odd);
        DeliveryHost host = hosts.add("host", new MemoryChunkStore());
        hosts.connectAll();

        BatchedHeaders headers = host.delivery.headers(host.delivery.manifest(
                image.manifest().id(), host.store.lease(image.manifest().id())));

        for (Chunk chunk : image.chunks()) {
            assertEquals(chunk.header(), headers.header(chunk.id()).orElseThrow());
        }
    }

    @Test
    void whatIsInTheStoreIsNotAskedFor() throws Exception {
        hosts.add("source", hosts.whole());
        DeliveryHost host = hosts.add("host", hosts.whole());
        hosts.connectAll();
        long before = host.swarms.traffic().received();

        BatchedHeaders headers = host.delivery.headers(image.manifest());
        for (Chunk chunk : image.chunks()) {
            assertEquals(chunk.header(), headers.header(chunk.id()).orElseThrow());
        }

        assertEquals(before, host.swarms.traffic().received());
    }

    @Test
    void aHeaderThatOnlyLiesAreToldOfIsMissing() throws Exception {
        RandomImage other = RandomImage.ofBlocks(new Random(12), 100, 4);
        Liar liar = new Liar(other.chunks().getFirst());
        try (var lying = hosts.network.open("liar", "site", LinkLimits.defaults(), liar)) {
            DeliveryHost host = hosts.add("host", new MemoryChunkStore());
            image.putManifest(host.store);
            host.connect(new PeerAddress("liar", "site", lying.address()));
            eventually("connected", () -> host.swarms.connections().size() == 1);

            Optional<?> header = host.delivery
                    .headers(image.manifest())
                    .header(image.chunks().getFirst().id());

            assertEquals(Optional.empty(), header);
            assertTrue(liar.asked(), "it was asked");
        }
    }

    @Test
    void aManifestThatNoPeerKnowsIsUnreachable() throws Exception {
        hosts.add("other", new MemoryChunkStore());
        DeliveryHost host = hosts.add("host", new MemoryChunkStore());
        hosts.connectAll();
        ManifestId id = image.manifest().id();

        assertThrows(
                Unreachable.class,
                () -> host.delivery.headers(
                        id, 0, List.of(image.chunks().getFirst().id())));
    }

    @Test
    void aPartOfAnImageIsServedAndNotCompleted() throws Exception {
        MemoryChunkStore part = new MemoryChunkStore();
        image.putManifest(part);
        int here = image.chunks().size() / 2;
        for (Chunk chunk : image.chunks().subList(0, here)) {
            part.put(chunk);
        }
        DeliveryHost holder = hosts.add("holder", part);
        assertFalse(holder.delivery.hold(image.manifest().id()));
        MemoryChunkStore rest = new MemoryChunkStore();
        for (Chunk chunk : image.chunks().subList(here, image.chunks().size())) {
            rest.put(chunk);
        }
        DeliveryHost host = hosts.add("host", rest);
        hosts.connectAll();

        host.fetch(image.manifest().id());

        assertEquals(List.of(image.manifest().id()), host.store.installed());
        assertEquals(List.of(), holder.store.installed());
        assertEquals(
                here,
                holder.swarms
                        .progress(image.manifest().id())
                        .orElseThrow()
                        .chunks()
                        .have());
        holder.fetch(image.manifest().id());
        assertEquals(Set.of(image.manifest().id()), holder.delivery.whole());
    }

    /// A peer that answers every question for headers with one of another image.
    private static final class Liar implements PeerListener {
        private final Chunk other;
        private final AtomicBoolean asked = new AtomicBoolean();

        Liar(Chunk other) {
            this.other = other;
        }

        boolean asked() {
            return asked.get();
        }

        @Override
        public void connected(PeerLink link) {}

        @Override
        public void received(PeerLink link, Message message) {
            if (message instanceof Message.GetHeaders(ManifestId manifest, int first, int _)) {
                asked.set(true);
                link.send(new Message.Headers(manifest, first, List.of(other.header())));
            }
        }

        @Override
        public void drained(PeerLink link) {}

        @Override
        public void closed(PeerLink link, String why) {}

        @Override
        public void failed(PeerAddress peer, String why) {}
    }
}
