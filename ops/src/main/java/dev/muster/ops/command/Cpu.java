package dev.muster.ops.command;

import dev.muster.chunkstore.codec.FrameCodec;
import java.io.Closeable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/// What hashes and compresses in this process: as many threads as there are cores.
record Cpu(ExecutorService pool, int threads, FrameCodec codec) implements Closeable {
    static Cpu open() {
        int threads = Runtime.getRuntime().availableProcessors();
        ExecutorService pool = Executors.newFixedThreadPool(
                threads, Thread.ofPlatform().name("cpu-", 0).daemon().factory());
        return new Cpu(pool, threads, new FrameCodec());
    }

    @Override
    public void close() {
        pool.close();
        codec.close();
    }
}
