package dev.muster.ops.shell;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

final class ScreenTest {
    private final AtomicLong nanos = new AtomicLong();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @Test
    void aTerminalShowsTheNewestFrame() {
        Screen screen = screen(Map.of("TERM", "xterm", "LINES", "50"), true);

        screen.show("one", "1");
        screen.show("two", "2");

        assertEquals("\u001b[H\u001b[Jone\n\u001b[H\u001b[Jtwo\n", err.toString(StandardCharsets.UTF_8));
        assertEquals(50, screen.lines());
    }

    @Test
    void aDumbTerminalGetsALineThatSaysSomethingNewNowAndThen() {
        Screen screen = screen(Map.of("TERM", "dumb"), true);

        screen.show("one", "1");
        screen.show("too soon", "2");
        nanos.addAndGet(TimeUnit.SECONDS.toNanos(2));
        screen.show("nothing new", "1");
        screen.show("three", "3");

        assertEquals("muster: 1\nmuster: 3\n", err.toString(StandardCharsets.UTF_8));
    }

    @Test
    void aPipeIsNoTerminal() {
        screen(Map.of("TERM", "xterm"), false).show("one", "1");

        assertEquals("muster: 1\n", err.toString(StandardCharsets.UTF_8));
    }

    private Screen screen(Map<String, String> environment, boolean terminal) {
        PrintStream out = new PrintStream(err, true, StandardCharsets.UTF_8);
        return new Screen(
                new Shell(environment, new ByteArrayInputStream(new byte[0]), out, out, terminal), nanos::get);
    }
}
