package dev.muster.protocol;

import java.time.Duration;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Assertions;

/// Waits for what other threads bring about. The limit is generous: it only ends a test that has failed.
public final class Eventually {
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final Duration PAUSE = Duration.ofMillis(10);

    private Eventually() {}

    /// @param what is waited for, for the message
    public static void eventually(String what, BooleanSupplier condition) throws InterruptedException {
        long deadline = System.nanoTime() + LIMIT.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - deadline > 0) {
                Assertions.fail("waited " + LIMIT.toSeconds() + " s: " + what);
            }
            Thread.sleep(PAUSE);
        }
    }
}
