package dev.muster.agent.delivery;

import static dev.muster.protocol.Eventually.eventually;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.muster.chunkstore.store.MemoryChunkStore;
import dev.muster.chunkstore.store.RandomImage;
import dev.muster.protocol.net.MemoryPeerNetwork;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class SitesTest {
    private static final int HOSTS = 4;

    private final List<DeliveryHost> hosts = new ArrayList<>();
    private final MemoryPeerNetwork.Switch network = new MemoryPeerNetwork.Switch();
    private final RandomImage image = RandomImage.of(new Random(7), 24_000, 32);

    @AfterEach
    void close() {
        hosts.forEach(DeliveryHost::close);
    }

    @Test
    void littleMoreThanOneCopyComesIntoEachSite() throws Exception {
        MemoryChunkStore whole = new MemoryChunkStore();
        image.installInto(whole);
        add("source", "a", whole);
        for (String site : List.of("a", "b", "c")) {
            for (int i = 0; i < HOSTS; i++) {
                add(site + i, site, new MemoryChunkStore());
            }
        }
        connectAll();

        fetchAll();

        for (String site : List.of("b", "c")) {
            long came = hosts.stream()
                    .filter(host -> host.swarms.site().equals(site))
                    .mapToLong(SitesTest::fromOtherSites)
                    .sum();
            long one = image.manifest().wireBytes();
            assertTrue(came <= 1.2 * one, came + " bytes came into site " + site + ", one copy is " + one);
        }
    }

    /// What comes from a source is counted apart; the only one is of another site.
    private static long fromOtherSites(DeliveryHost host) {
        Traffic.Totals totals = host.swarms.traffic();
        return totals.wan() + totals.source();
    }

    private void add(String id, String site, MemoryChunkStore store) throws IOException {
        hosts.add(new DeliveryHost(id, site, network, store));
    }

    private void connectAll() throws InterruptedException {
        for (int i = 0; i < hosts.size(); i++) {
            for (int j = 0; j < i; j++) {
                hosts.get(i).connect(hosts.get(j));
            }
        }
        eventually(
                "all are connected",
                () -> hosts.stream().allMatch(host -> host.swarms.connections().size() == hosts.size() - 1));
    }

    private void fetchAll() throws Exception {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> fetches = new ArrayList<>();
            for (DeliveryHost host : hosts.subList(1, hosts.size())) {
                Callable<Object> fetch = () -> host.fetch(image.manifest().id());
                fetches.add(threads.submit(fetch));
            }
            for (Future<?> fetch : fetches) {
                fetch.get();
            }
        }
    }
}
