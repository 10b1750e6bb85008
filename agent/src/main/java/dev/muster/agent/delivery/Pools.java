package dev.muster.agent.delivery;

import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/// The two pools of platform threads: hashing and zstd would starve the carriers of virtual threads, and
/// file calls would hold them.
///
/// @param cpu as many threads as cores
/// @param disk as many threads as a device has use for
public record Pools(ExecutorService cpu, ExecutorService disk) implements AutoCloseable {
    private static final int DISK_THREADS = 8;
    private static final int END_SECONDS = 10;

    /// More tasks than may wait run in the thread that brings them, which slows it down: that is the back-pressure.
    private static final int WAITING_MAX = 1024;

    public static Pools open() {
        return new Pools(pool("cpu", Runtime.getRuntime().availableProcessors()), pool("disk", DISK_THREADS));
    }

    /// Whether more work waits for a processor than there are processors: what need not be done is left then.
    boolean isCpuBusy() {
        return cpu instanceof ThreadPoolExecutor pool && pool.getQueue().size() > pool.getCorePoolSize();
    }

    private static ExecutorService pool(String name, int threads) {
        ThreadPoolExecutor pool = new ThreadPoolExecutor(
                threads,
                threads,
                30,
                TimeUnit.SECONDS,
                new ArrayBlockingQueue<>(WAITING_MAX),
                Thread.ofPlatform().name("muster-" + name + "-", 0).daemon().factory(),
                new ThreadPoolExecutor.CallerRunsPolicy());
        pool.allowCoreThreadTimeOut(true);
        return pool;
    }

    /// Lets what was begun come to its end, for a while.
    @Override
    public void close() {
        for (ExecutorService pool : List.of(cpu, disk)) {
            pool.shutdown();
            try {
                boolean _ = pool.awaitTermination(END_SECONDS, TimeUnit.SECONDS);
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            }
            pool.shutdownNow();
        }
    }
}
