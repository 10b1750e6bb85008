package dev.muster.ops.shell;

import java.io.PrintStream;
import java.util.Optional;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/// One bar for each phase, with bytes, rate and the time that is left.
final class ProgressBars implements ShownProgress {
    private static final int REFRESH_MILLIS = 250;

    private final PrintStream err;
    private Optional<ProgressBar> bar = Optional.empty();

    ProgressBars(PrintStream err) {
        this.err = err;
    }

    @Override
    public synchronized void phase(String name, long totalBytes) {
        end();
        bar = Optional.of(
                builder(name, totalBytes).setUnit(" MiB", 1L << 20).showSpeed().build());
    }

    @Override
    public synchronized void share(String name, int parts) {
        end();
        bar = Optional.of(builder(name, parts).build());
    }

    private ProgressBarBuilder builder(String name, long total) {
        return new ProgressBarBuilder()
                .setTaskName(name)
                .setInitialMax(total)
                .setStyle(ProgressBarStyle.ASCII)
                .setUpdateIntervalMillis(REFRESH_MILLIS)
                .setConsumer(new ConsoleProgressBarConsumer(err));
    }

    @Override
    public synchronized void advance(long bytes) {
        bar.ifPresent(shown -> shown.stepBy(bytes));
    }

    @Override
    public synchronized void end() {
        bar.ifPresent(ProgressBar::close);
        bar = Optional.empty();
    }
}
