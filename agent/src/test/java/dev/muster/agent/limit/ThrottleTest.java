package dev.muster.agent.limit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class ThrottleTest {
    private static final HostLimits SLOW = new HostLimits(1_000, 1_000_000, 0, Map.of(), 0, Windows.NONE);

    @Test
    void manySendersAllGetTheirTurnAndTogetherKeepTheLimit() throws Exception {
        long rate = 20_000_000;
        Throttle throttle =
                new Throttle("here", new HostLimits(rate, 0, 0, Map.of(), 0, Windows.NONE), () -> 1);
        AtomicLong sent = new AtomicLong();
        long start = System.nanoTime();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> senders = IntStream.range(0, 32)
                    .<Future<?>>mapToObj(_ -> threads.submit(() -> {
                        for (int i = 0; i < 8; i++) {
                            throttle.send("here", Urgency.FOREGROUND, 16 << 10);
                            sent.addAndGet(WireCost.of(16 << 10));
                        }
                        return null;
                    }))
                    .toList();
            for (Future<?> sender : senders) {
                sender.get();
            }
        }

        double seconds = (System.nanoTime() - start + Bucket.SENDING_NANOS) / 1e9;
        assertEquals(32 * 8 * WireCost.of(16 << 10), sent.get());
        assertTrue(sent.get() - WireCost.of(16 << 10) <= rate * seconds, sent + " bytes in " + seconds + " s");
    }

    @Test
    void aLimitThatIsLiftedLetsAllWhoWaitGo() throws Exception {
        Throttle throttle = new Throttle("here", SLOW, () -> 1);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> senders = IntStream.range(0, 8)
                    .<Future<?>>mapToObj(_ -> threads.submit(() -> {
                        throttle.send("there", Urgency.FOREGROUND, 1 << 20);
                        return null;
                    }))
                    .toList();
            throttle.set(HostLimits.NONE);
            for (Future<?> sender : senders) {
                sender.get();
            }
        }
        assertEquals(0, throttle.received("there", 1 << 30));
    }

    @Test
    void whoBringsTooMuchIsNotReadForAsLongAsThatTakes() {
        Throttle throttle = new Throttle("here", SLOW, () -> 1);

        long nanos = throttle.received("here", 500_000);

        double seconds = (nanos + Bucket.RECEIVING_NANOS) / 1e9;
        assertEquals(WireCost.of(500_000) / 1e6, seconds, 0.2);
    }

    @Test
    void hostsOfASiteShareWhatAWanLinkBrings() {
        HostLimits limits = new HostLimits(0, 0, 4_000_000, Map.of(), 0, Windows.NONE);
        Throttle throttle = new Throttle("here", limits, () -> 4);

        assertEquals(0, throttle.received("here", 100_000_000));
        long nanos = throttle.received("there", 1_000_000);

        assertEquals(WireCost.of(1_000_000) / 1e6, (nanos + Bucket.RECEIVING_NANOS) / 1e9, 0.2);
    }

    @Test
    void theCostOfAMessageIsThatOfItsRecordsAndSegments() {
        assertEquals(16_384 + 22, WireCost.ofTls(16_384));
        assertEquals(16_385 + 44, WireCost.ofTls(16_385));
        assertEquals(1.047, WireCost.of(1 << 20) / (double) (1 << 20), 0.001);
    }
}
