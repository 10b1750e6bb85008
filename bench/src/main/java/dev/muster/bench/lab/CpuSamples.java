package dev.muster.bench.lab;

import java.io.IOException;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;

/// How busy this machine was over time, looked at many times a second by a thread of its own while it is open.
final class CpuSamples implements AutoCloseable {
    private static final long EVERY_MILLIS = 50;

    private final ConcurrentSkipListMap<Double, CpuTime> samples = new ConcurrentSkipListMap<>();
    private final Thread thread = Thread.ofPlatform().name("cpu-samples").unstarted(this::run);

    private CpuSamples() {}

    static CpuSamples open() throws IOException {
        CpuSamples samples = new CpuSamples();
        samples.look();
        samples.thread.start();
        return samples;
    }

    /// Between two moments, epoch milliseconds: from the last look before the first to the first look after
    /// the second.
    CpuTime between(double from, double to) {
        Map.Entry<Double, CpuTime> first = samples.floorEntry(from);
        Map.Entry<Double, CpuTime> last = samples.ceilingEntry(to);
        CpuTime begin = first == null ? samples.firstEntry().getValue() : first.getValue();
        CpuTime end = last == null ? samples.lastEntry().getValue() : last.getValue();
        return end.since(begin);
    }

    @Override
    public void close() throws InterruptedException {
        thread.interrupt();
        thread.join();
    }

    private void look() throws IOException {
        samples.put((double) System.currentTimeMillis(), CpuTime.now());
    }

    private void run() {
        try {
            while (true) {
                look();
                Thread.sleep(EVERY_MILLIS);
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            throw new IllegalStateException("/proc/stat cannot be read", e);
        }
    }
}
