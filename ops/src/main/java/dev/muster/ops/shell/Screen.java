package dev.muster.ops.shell;

import java.time.Duration;
import java.util.function.LongSupplier;

/// What people look on at, on standard error: on a terminal each frame takes the place of the one before; on one that
/// cannot do that, and elsewhere, a line comes every two seconds, if it says something new.
public final class Screen {
    /// ECMA-48: cursor to the upper left, and everything from there on erased.
    private static final String CLEAR = "\u001b[H\u001b[J";

    private static final int LINES = 24;

    /// Lines do not come faster than this.
    private static final Duration EVERY = Duration.ofSeconds(2);

    private final Shell shell;
    private final LongSupplier nanos;
    private final boolean redraws;
    private String said = "";
    private long nextLine;

    public Screen(Shell shell) {
        this(shell, System::nanoTime);
    }

    Screen(Shell shell, LongSupplier nanos) {
        this.shell = shell;
        this.nanos = nanos;
        this.nextLine = nanos.getAsLong();
        String kind = shell.environment().getOrDefault("TERM", "dumb");
        this.redraws = shell.terminal() && !kind.isEmpty() && !kind.equals("dumb");
    }

    /// How many lines of a frame there is room for.
    public int lines() {
        try {
            return Integer.parseInt(shell.environment().getOrDefault("LINES", Integer.toString(LINES)));
        } catch (NumberFormatException _) {
            return LINES;
        }
    }

    /// @param line the same in short
    public void show(String frame, String line) {
        if (redraws) {
            shell.err().print(CLEAR + frame + "\n");
            shell.err().flush();
        } else if (!line.equals(said) && nanos.getAsLong() - nextLine >= 0) {
            nextLine = nanos.getAsLong() + EVERY.toNanos();
            shell.err().println("muster: " + line);
            said = line;
        }
    }
}
