package dev.muster.agent.delivery;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.muster.agent.limit.HostLimits;
import dev.muster.agent.limit.Windows;
import dev.muster.chunkstore.Progress;
import dev.muster.chunkstore.store.MemoryChunkStore;
import dev.muster.chunkstore.store.RandomImage;
import dev.muster.protocol.MusterException.Unreachable;
import dev.muster.protocol.content.ManifestId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Everybody asks at once for an image that one host has, whose budget is half a copy first, and then little more than
/// one.
final class CrowdTest {
    private static final double TOO_LITTLE = 0.5;
    private static final double ENOUGH = 1.25;

    /// Head and pages, which each host has from somebody, are counted with what is sent, and not by the budget.
    private static final double MANIFEST_BYTES = 16 << 10;

    private final RandomImage image = RandomImage.ofBlocks(new Random(9), 4000, 64);
    private final ManifestId id = image.manifest().id();

    @Test
    void theSourceKeepsItsBudgetAndAllGetTheImage() throws Exception {
        crowd(12);
    }

    @Test
    @Tag("long")
    void theSourceKeepsItsBudgetWith64HostsThatAskAtOnce() throws Exception {
        crowd(64);
    }

    private void crowd(int size) throws Exception {
        try (DeliveryHosts hosts = new DeliveryHosts(image)) {
            DeliveryHost source = hosts.add("source", hosts.whole());
            for (int i = 0; i < size; i++) {
                hosts.add("host-" + i, new MemoryChunkStore());
            }
            hosts.connectAll();

            allow(source, TOO_LITTLE);
            fetch(hosts, host -> {
                assertThrows(Unreachable.class, () -> host.delivery.fetch(id, Progress.NONE, Duration.ofSeconds(1)));
                return host;
            });
            assertTrue(
                    copies(source)
                            <= TOO_LITTLE
                                    + size * MANIFEST_BYTES / image.manifest().wireBytes(),
                    copies(source) + " copies left the source");

            allow(source, ENOUGH);
            fetch(hosts, host -> host.fetch(id));
            assertTrue(copies(source) <= ENOUGH, copies(source) + " copies left the source");
        }
    }

    private static void allow(DeliveryHost source, double copies) {
        source.swarms.throttle().set(new HostLimits(0, 0, 0, Map.of(), copies, Windows.NONE));
    }

    private double copies(DeliveryHost source) {
        return source.swarms.traffic().sent() / (double) image.manifest().wireBytes();
    }

    /// What one of them does.
    private interface Work {
        Object of(DeliveryHost host) throws Exception;
    }

    private static void fetch(DeliveryHosts hosts, Work work) throws Exception {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Callable<Object>> all = new ArrayList<>();
            for (DeliveryHost host : hosts.all().subList(1, hosts.all().size())) {
                all.add(() -> work.of(host));
            }
            for (Future<Object> each : threads.invokeAll(all)) {
                each.get();
            }
        }
    }
}
