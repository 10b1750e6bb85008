package dev.muster.chunkstore.assemble;

import java.io.Closeable;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// Tasks on an executor, a few at a time. After the first failure no more are begun. For one thread; closing waits for
/// those that are running.
public final class Work implements Closeable {
    private final Executor executor;
    private final int atOnce;
    private final Semaphore free;
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();

    public Work(Executor executor, int atOnce) {
        this.executor = executor;
        this.atOnce = atOnce;
        this.free = new Semaphore(atOnce);
    }

    /// Something to do.
    @FunctionalInterface
    public interface Task {
        void run() throws IOException;
    }

    /// Begins a task, once fewer than the limit are running.
    ///
    /// @return false if one before has failed, so that nothing more need be begun
    public boolean begin(Task task) throws InterruptedIOException {
        try {
            free.acquire();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted");
        }
        if (failure.get() != null) {
            free.release();
            return false;
        }
        boolean begun = false;
        try {
            executor.execute(() -> run(task));
            begun = true;
        } finally {
            if (!begun) {
                free.release();
            }
        }
        return true;
    }

    /// Returns when nothing is running any more.
    ///
    /// @throws IOException the first failure of a task
    @Override
    public void close() throws IOException {
        free.acquireUninterruptibly(atOnce);
        free.release(atOnce);
        switch (failure.get()) {
            case null -> {}
            case IOException e -> throw e;
            case RuntimeException e -> throw e;
            case Error e -> throw e;
            case Throwable e -> throw new IllegalStateException(e);
        }
    }

    private void run(Task task) {
        try {
            if (failure.get() == null) {
                task.run();
            }
        } catch (UncheckedIOException e) {
            failure.compareAndSet(null, e.getCause());
        } catch (IOException | RuntimeException | Error e) {
            failure.compareAndSet(null, e);
        } finally {
            free.release();
        }
    }
}
