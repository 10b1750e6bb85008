package dev.muster.protocol.cluster;

import static dev.muster.protocol.Eventually.eventually;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.muster.protocol.cluster.Presence.Kind;
import dev.muster.protocol.wire.Address;
import dev.muster.protocol.wire.PeerAddress;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class LateFleetTest extends FleetContract {
    private static final Duration SOON = Duration.ofMillis(5);

    private final MemoryFleet.Together together = new MemoryFleet.Together();

    @Override
    Fleet join() {
        return LateFleet.open(together::join, SOON);
    }

    @Test
    void beforeTheClusterIsThereANodeSeesItself() throws Exception {
        Semaphore mayOpen = new Semaphore(0);
        Presence self = new Presence(
                Kind.AGENT,
                new PeerAddress("a", "site", new Address("127.0.0.1", 7410)),
                Optional.empty(),
                Map.of(),
                0,
                List.of());
        try (Fleet other = together.join();
                Fleet late = LateFleet.open(
                        () -> {
                            mayOpen.acquireUninterruptibly();
                            return together.join();
                        },
                        SOON)) {
            late.publish(self);
            assertEquals(List.of(self), List.copyOf(late.present()));
            assertEquals(List.of(), List.copyOf(other.present()));

            mayOpen.release();

            eventually("the other sees it", () -> List.copyOf(other.present()).equals(List.of(self)));
        }
    }

    @Test
    void aClusterThatCannotBeJoinedIsTriedAgain() throws Exception {
        AtomicInteger attempts = new AtomicInteger();
        try (Fleet other = together.join();
                Fleet late = LateFleet.open(
                        () -> {
                            if (attempts.incrementAndGet() < 3) {
                                throw new IOException("not yet");
                            }
                            return together.join();
                        },
                        SOON)) {
            late.onChange(() -> {});

            eventually("it joined", () -> attempts.get() == 3);
            assertEquals(0, other.present().size());
        }
    }
}
