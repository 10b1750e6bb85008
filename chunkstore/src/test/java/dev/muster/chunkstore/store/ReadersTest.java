package dev.muster.chunkstore.store;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

final class ReadersTest {
    private final Readers readers = new Readers();

    @Test
    void nobodyIsWaitedForWhereNobodyReads() {
        readers.await();
        readers.leave(readers.enter());
        readers.await();
        readers.await();
    }

    @Test
    void whoEnteredBeforeIsWaitedForInBothTurns() throws InterruptedException {
        for (int turn = 0; turn < 3; turn++) {
            int before = readers.enter();
            AtomicBoolean over = new AtomicBoolean();
            Thread waiting = startWaiting(over);
            int after = readers.enter();
            assertFalse(over.get());

            readers.leave(before);
            waiting.join();
            assertTrue(over.get(), "who came later is not waited for");
            readers.leave(after);
        }
    }

    @Test
    void whoCountsItselfLateIsWaitedForToo() throws InterruptedException {
        int seen = readers.turn();
        readers.await();
        int late = readers.enter(seen);
        AtomicBoolean over = new AtomicBoolean();
        Thread waiting = startWaiting(over);
        assertFalse(over.get());

        readers.leave(late);
        waiting.join();
        assertTrue(over.get());
    }

    private Thread startWaiting(AtomicBoolean over) {
        Thread waiting = new Thread(() -> {
            readers.await();
            over.set(true);
        });
        waiting.start();
        while (waiting.getState() != Thread.State.TIMED_WAITING && waiting.isAlive()) {
            Thread.onSpinWait();
        }
        return waiting;
    }

    @Test
    void whatIsFoundIsNotTakenBackUnderAReader() throws Exception {
        AtomicReference<Thing> current = new AtomicReference<>(new Thing());
        AtomicBoolean done = new AtomicBoolean();
        try (var threads = Executors.newFixedThreadPool(3)) {
            List<Future<Long>> reading = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                reading.add(threads.submit(() -> read(current, done)));
            }
            for (int i = 0; i < 2_000; i++) {
                Thing old = current.getAndSet(new Thing());
                readers.await();
                old.gone = true;
            }
            done.set(true);
            for (Future<Long> each : reading) {
                assertTrue(each.get() > 0);
            }
        }
    }

    private long read(AtomicReference<Thing> current, AtomicBoolean done) {
        long count = 0;
        while (!done.get()) {
            int entered = readers.enter();
            Thing thing = current.get();
            if (ThreadLocalRandom.current().nextInt(4) == 0) {
                Thread.onSpinWait();
            }
            assertFalse(thing.gone);
            readers.leave(entered);
            count++;
        }
        return count;
    }

    private static final class Thing {
        private volatile boolean gone;
    }
}
