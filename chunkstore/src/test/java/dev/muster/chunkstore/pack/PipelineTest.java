package dev.muster.chunkstore.pack;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PipelineTest {
    private final ExecutorService pool = Executors.newFixedThreadPool(4);

    @AfterEach
    void stop() {
        pool.close();
    }

    @Test
    void resultsComeInOrderAndFewAreUnderWay() throws IOException {
        AtomicInteger underWay = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        List<Integer> results = new ArrayList<>();
        try (Pipeline<Integer> pipeline = new Pipeline<>(pool, 3, result -> {
            results.add(result);
            underWay.decrementAndGet();
        })) {
            for (int i = 0; i < 200; i++) {
                int number = i;
                pipeline.begin(() -> {
                    most.accumulateAndGet(underWay.incrementAndGet(), Math::max);
                    return number;
                });
            }
            pipeline.finish();
        }

        assertEquals(IntStream.range(0, 200).boxed().toList(), results);
        assertTrue(most.get() <= 3, most::toString);
    }

    @Test
    void aFailureIsThrownAndClosingWaitsForTheRest() {
        IOException failure = new IOException("no");
        CountDownLatch begun = new CountDownLatch(1);
        AtomicInteger finished = new AtomicInteger();

        IOException thrown = assertThrows(IOException.class, () -> {
            try (Pipeline<Integer> pipeline = new Pipeline<>(pool, 8, _ -> {})) {
                pipeline.begin(() -> {
                    begun.await();
                    throw failure;
                });
                pipeline.begin(() -> {
                    begun.countDown();
                    Thread.sleep(20);
                    return finished.incrementAndGet();
                });
                pipeline.finish();
            }
        });

        assertSame(failure, thrown);
        assertEquals(1, finished.get());
    }

    @Test
    void aBugIsThrownAsItIs() {
        assertThrows(ArithmeticException.class, () -> {
            try (Pipeline<Integer> pipeline = new Pipeline<>(pool, 8, _ -> {})) {
                pipeline.begin(() -> Math.toIntExact(1L << 40));
                pipeline.finish();
            }
        });
    }

    @Test
    void anInterruptedThreadStopsAndStaysInterrupted() {
        assertThrows(InterruptedIOException.class, () -> {
            try (Pipeline<Integer> pipeline = new Pipeline<>(pool, 8, _ -> {})) {
                pipeline.begin(() -> 1);
                Thread.currentThread().interrupt();
                pipeline.finish();
            }
        });
        assertTrue(Thread.interrupted());
    }
}
