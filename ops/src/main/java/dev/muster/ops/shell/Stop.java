package dev.muster.ops.shell;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// The end of a program that runs for long: SIGTERM, SIGINT, or the interruption of the thread that waits for it. It is
/// opened before the program's parts and closed after them, so that the process lives until they are closed. A bug on
/// any of its threads ends the process at once with 1: better none than a half of it.
public final class Stop implements AutoCloseable {
    private static final Duration CLOSING_MAX = Duration.ofSeconds(30);
    private static final Logger LOG = System.getLogger(Stop.class.getName());

    private final CountDownLatch asked = new CountDownLatch(1);
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Thread hook = Thread.ofPlatform().name("stop").unstarted(this::stop);

    private Stop() {}

    public static Stop open() {
        Stop stop = new Stop();
        Thread.setDefaultUncaughtExceptionHandler((thread, bug) -> {
            LOG.log(Level.ERROR, "a bug, the process ends: thread=" + thread.getName(), bug);
            Runtime.getRuntime().halt(ExitCode.BUG.code());
        });
        Runtime.getRuntime().addShutdownHook(stop.hook);
        return stop;
    }

    /// Returns when the program should end.
    ///
    /// @throws InterruptedException if this thread was interrupted
    public void await() throws InterruptedException {
        asked.await();
    }

    @Override
    public void close() {
        closed.countDown();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException _) {
            return; // It runs, and waits for us no more.
        }
    }

    private void stop() {
        asked.countDown();
        boolean clean;
        try {
            clean = closed.await(CLOSING_MAX.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException _) {
            clean = false;
        }
        // What was asked to stop, and did, is done: a plain end by signal would look like a failure.
        Runtime.getRuntime().halt(clean ? ExitCode.DONE.code() : ExitCode.BUG.code());
    }
}
