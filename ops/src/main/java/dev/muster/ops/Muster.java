package dev.muster.ops;

import dev.muster.ops.command.Commands;
import dev.muster.ops.shell.ExitCode;
import dev.muster.ops.shell.Shell;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/// The program `muster`.
///
/// SIGINT and SIGTERM interrupt the command, which closes what it has open, and then the process ends with the
/// command's own exit code: 0 for one that runs until it is told to stop, 130 for one that was cut off. A bug on any
/// thread ends the process at once: better none than a half of it.
public final class Muster {
    private static final Duration CLOSING_MAX = Duration.ofSeconds(30);
    private static final Logger LOG = System.getLogger(Muster.class.getName());

    private final Thread caller = Thread.currentThread();
    private final CountDownLatch ended = new CountDownLatch(1);
    private final AtomicInteger exit = new AtomicInteger(ExitCode.BUG.code());

    private Muster() {}

    public static void main(String[] args) {
        Thread.setDefaultUncaughtExceptionHandler((thread, bug) -> {
            LOG.log(Level.ERROR, "a bug, the process ends: thread=" + thread.getName(), bug);
            Runtime.getRuntime().halt(ExitCode.BUG.code());
        });
        new Muster().start(List.of(args));
    }

    /// Runs one command to its end.
    ///
    /// @return its exit code
    public static int run(List<String> args, Shell shell) {
        return Commands.of(shell).execute(args.toArray(String[]::new));
    }

    private void start(List<String> args) {
        Thread hook = Thread.ofPlatform().name("stop").unstarted(this::stop);
        Runtime.getRuntime().addShutdownHook(hook);
        exit.set(run(args, Shell.ofProcess()));
        ended.countDown();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
            System.exit(exit.get());
        } catch (IllegalStateException _) {
            return; // The hook runs, and ends the process.
        }
    }

    private void stop() {
        caller.interrupt();
        try {
            boolean _ = ended.await(CLOSING_MAX.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
        Runtime.getRuntime().halt(exit.get());
    }
}
