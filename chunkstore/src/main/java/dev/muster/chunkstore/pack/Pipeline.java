package dev.muster.chunkstore.pack;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;

/// Tasks that run on a pool and whose results are used, by the thread that began them, in the order they were
/// begun. A bounded number is under way. Closing waits for those, so that nothing they use is pulled away
/// under them.
final class Pipeline<T> implements AutoCloseable {
    private final ExecutorService pool;
    private final int depth;
    private final Step<T> step;
    private final Deque<Future<T>> underWay = new ArrayDeque<>();
    private volatile boolean stopped;

    Pipeline(ExecutorService pool, int depth, Step<T> step) {
        this.pool = pool;
        this.depth = depth;
        this.step = step;
    }

    /// What is done with each result.
    interface Step<T> {
        void use(T result) throws IOException;
    }

    /// Begins a task, after the oldest one was finished if too many are under way.
    ///
    /// @throws IOException what a task or the step threw
    void begin(Callable<T> task) throws IOException {
        if (underWay.size() == depth) {
            finishOldest();
        }
        underWay.add(pool.submit(() -> {
            if (stopped) {
                throw new CancellationException();
            }
            return task.call();
        }));
    }

    /// Finishes all that was begun.
    void finish() throws IOException {
        while (!underWay.isEmpty()) {
            finishOldest();
        }
    }

    @Override
    public void close() {
        stopped = true;
        boolean interrupted = false;
        while (!underWay.isEmpty()) {
            try {
                underWay.getFirst().get();
                underWay.removeFirst();
            } catch (ExecutionException _) {
                underWay.removeFirst();
            } catch (InterruptedException _) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void finishOldest() throws IOException {
        T result;
        try {
            // A result that is there already would be had without a look at the interruption.
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            result = underWay.getFirst().get();
            underWay.removeFirst();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while packing");
        } catch (ExecutionException e) {
            underWay.removeFirst();
            switch (e.getCause()) {
                case IOException cause -> throw cause;
                case RuntimeException cause -> throw cause;
                case Error cause -> throw cause;
                case null, default -> throw new IllegalStateException(e);
            }
        }
        step.use(result);
    }
}
