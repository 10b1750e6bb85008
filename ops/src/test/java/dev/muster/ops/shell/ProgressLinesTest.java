package dev.muster.ops.shell;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

final class ProgressLinesTest {
    private static final long MIB = 1 << 20;

    private final AtomicLong nanos = new AtomicLong();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final ProgressLines lines =
            new ProgressLines(new PrintStream(err, true, StandardCharsets.UTF_8), nanos::get);

    @Test
    void aLineComesEveryFiveSecondsAndAtTheEnd() {
        lines.phase("fetch", 100 * MIB);
        for (int second = 0; second < 8; second++) {
            nanos.addAndGet(TimeUnit.SECONDS.toNanos(1));
            lines.advance(10 * MIB);
        }
        lines.end();

        assertEquals("""
                muster: fetch 50.0 MiB of 100.0 MiB, 10.0 MiB/s, 5 s left
                muster: fetch 80.0 MiB of 100.0 MiB, 10.0 MiB/s, 2 s left
                """, err.toString(StandardCharsets.UTF_8));
    }

    @Test
    void whatIsWaitedForIsSaidWithHowLong() {
        lines.phase("wait for a first peer", 0);
        for (int second = 0; second < 7; second++) {
            nanos.addAndGet(TimeUnit.SECONDS.toNanos(1));
            lines.advance(0);
        }
        lines.phase("fetch", MIB);

        assertEquals("muster: wait for a first peer, 5 s so far\n", err.toString(StandardCharsets.UTF_8));
    }

    @Test
    void whatIsNotCountedInBytesIsSaidPerCent() {
        lines.share("simulate", 200);
        nanos.addAndGet(TimeUnit.SECONDS.toNanos(5));
        lines.advance(50);

        assertEquals("muster: simulate 25 %, 15 s left\n", err.toString(StandardCharsets.UTF_8));
    }

    @Test
    void ofAShortPhaseNothingIsSaid() {
        lines.phase("read", MIB);
        nanos.addAndGet(TimeUnit.SECONDS.toNanos(1));
        lines.advance(MIB);
        lines.phase("pack", MIB);
        lines.end();

        assertEquals("", err.toString(StandardCharsets.UTF_8));
    }
}
