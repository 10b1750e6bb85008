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
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

class LateFleetTest extends FleetContract {
    private static final Duration SOON = Duration.ofMillis(5);

    private static final Presence SELF = new Presence(
            Kind.AGENT,
            new PeerAddress("a", "site", new Address("127.0.0.1", 7410)),
            Optional.empty(),
            Map.of(),
            0,
            List.of());

    private final MemoryFleet.Together together = new MemoryFleet.Together();

    @Override
    Fleet join() {
        return LateFleet.open(once(together::join), SOON);
    }

    /// Opens one view and stays with it.
    private static LateFleet.Opener once(Supplier<Fleet> open) {
        return now -> now instanceof NoFleet ? open.get() : now;
    }

    @Test
    void aViewThatIsReplacedIsClosedAndTheOtherOneIsTold() throws Exception {
        MemoryFleet.Together other = new MemoryFleet.Together();
        AtomicBoolean move = new AtomicBoolean();
        try (Fleet here = together.join();
                Fleet there = other.join();
                Fleet late = LateFleet.open(
                        now -> switch (now) {
                            case NoFleet _ -> together.join();
                            case Fleet _ when move.getAndSet(false) -> other.join();
                            case Fleet stays -> stays;
                        },
                        SOON)) {
            late.publish(SELF);
            eventually("it is here", () -> List.copyOf(here.present()).equals(List.of(SELF)));

            move.set(true);

            eventually("it is there", () -> List.copyOf(there.present()).equals(List.of(SELF)));
            eventually("and not here", () -> here.present().isEmpty());
        }
    }

    @Test
    void beforeTheClusterIsThereANodeSeesItself() throws Exception {
        Semaphore mayOpen = new Semaphore(0);
        try (Fleet other = together.join();
                Fleet late = LateFleet.open(
                        once(() -> {
                            mayOpen.acquireUninterruptibly();
                            return together.join();
                        }),
                        SOON)) {
            late.publish(SELF);
            assertEquals(List.of(SELF), List.copyOf(late.present()));
            assertEquals(List.of(), List.copyOf(other.present()));

            mayOpen.release();

            eventually("the other sees it", () -> List.copyOf(other.present()).equals(List.of(SELF)));
        }
    }

    @Test
    void aClusterThatCannotBeJoinedIsTriedAgain() throws Exception {
        AtomicInteger attempts = new AtomicInteger();
        try (Fleet other = together.join();
                Fleet late = LateFleet.open(
                        now -> {
                            if (now instanceof MemoryFleet) {
                                return now;
                            }
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
