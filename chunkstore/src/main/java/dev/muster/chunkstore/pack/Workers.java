package dev.muster.chunkstore.pack;

import dev.muster.chunkstore.Progress;
import java.util.concurrent.ExecutorService;

/// Who does the work, and who hears of it.
///
/// @param threads how many tasks the pool runs at once
record Workers(ExecutorService cpu, int threads, Progress progress) {
    /// Enough that no thread waits for the one that uses the results; each has a buffer of 1 MiB.
    private static final int DEPTH_PER_THREAD = 3;

    <T> Pipeline<T> pipeline(Pipeline.Step<T> step) {
        return new Pipeline<>(cpu, threads * DEPTH_PER_THREAD, step);
    }
}
