package dev.muster.ops.shell;

import dev.muster.protocol.config.Units;
import java.io.PrintStream;
import java.time.Duration;
import java.util.function.LongSupplier;

/// A line every few seconds; nothing of a phase that is over before the first one.
final class ProgressLines implements ShownProgress {
    private static final Duration EVERY = Duration.ofSeconds(5);

    private final PrintStream err;
    private final LongSupplier nanos;
    private String name = "";
    private long total;
    private boolean bytes = true;
    private long done;
    private long begun;
    private long nextLine;

    /// How much was done at the last line; -1 before the first.
    private long said = -1;

    ProgressLines(PrintStream err) {
        this(err, System::nanoTime);
    }

    ProgressLines(PrintStream err, LongSupplier nanos) {
        this.err = err;
        this.nanos = nanos;
    }

    @Override
    public synchronized void phase(String name, long totalBytes) {
        begin(name, totalBytes, true);
    }

    @Override
    public synchronized void share(String name, int parts) {
        begin(name, parts, false);
    }

    private void begin(String name, long total, boolean bytes) {
        end();
        this.name = name;
        this.total = total;
        this.bytes = bytes;
        done = 0;
        begun = nanos.getAsLong();
        nextLine = begun + EVERY.toNanos();
    }

    @Override
    public synchronized void advance(long more) {
        done += more;
        long now = nanos.getAsLong();
        if (now - nextLine >= 0) {
            nextLine = now + EVERY.toNanos();
            print(now);
        }
    }

    /// Says how the phase ended, if something was said of it before.
    @Override
    public synchronized void end() {
        long now = nanos.getAsLong();
        if (said >= 0 && said < done) {
            print(now);
        }
        said = -1;
    }

    private void print(long now) {
        said = done;
        double seconds = Math.max(1, now - begun) / 1e9;
        if (total == 0 && done == 0) {
            err.println("muster: " + name + ", " + Math.round(seconds) + " s so far");
            return;
        }
        double rate = done / seconds;
        String left = done < total && rate > 0 ? ", " + Math.round((total - done) / rate) + " s left" : "";
        if (!bytes) {
            err.println("muster: " + name + " " + 100 * done / Math.max(done, total) + " %" + left);
            return;
        }
        err.println("muster: " + name + " " + Units.humanBytes(done) + " of " + Units.humanBytes(Math.max(done, total))
                + ", " + Units.humanBytes((long) rate) + "/s" + left);
    }
}
