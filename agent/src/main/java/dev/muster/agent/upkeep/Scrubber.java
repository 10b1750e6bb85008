package dev.muster.agent.upkeep;

import dev.muster.chunkstore.Progress;
import dev.muster.chunkstore.store.Repair;
import dev.muster.chunkstore.store.Scrub;
import dev.muster.chunkstore.store.ScrubReport;
import dev.muster.chunkstore.store.SegmentStore;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.OptionalLong;
import java.util.concurrent.locks.ReentrantLock;

/// Scrubs the store now and then, and when asked; one scrub at a time.
public final class Scrubber implements AutoCloseable {
    private static final Logger LOG = System.getLogger(Scrubber.class.getName());

    private final SegmentStore store;
    private final Repair repair;
    private final ScrubRule rule;
    private final ReentrantLock running = new ReentrantLock();
    private final Thread thread;

    public Scrubber(SegmentStore store, Repair repair, ScrubRule rule) {
        this.store = store;
        this.repair = repair;
        this.rule = rule;
        this.thread = Thread.ofPlatform().name("scrub").daemon().unstarted(this::followRule);
    }

    public void start() {
        if (!rule.every().isZero()) {
            thread.start();
        }
    }

    @Override
    public void close() {
        thread.interrupt();
    }

    /// Reads everything once, or goes on with what was begun before.
    ///
    /// @param bytesPerSecond at most; as the rule says if it is empty
    public ScrubReport scrub(OptionalLong bytesPerSecond, Progress progress) throws IOException, InterruptedException {
        running.lockInterruptibly();
        try {
            return Scrub.run(store, repair, bytesPerSecond.orElse(rule.bytesPerSecond()), progress);
        } finally {
            running.unlock();
        }
    }

    private void followRule() {
        try {
            while (true) {
                Thread.sleep(rule.every());
                try {
                    ScrubReport report = scrub(OptionalLong.empty(), Progress.NONE);
                    LOG.log(
                            report.findings().isEmpty() ? Level.INFO : Level.WARNING,
                            "scrubbed: bytes={0} bad={1} repaired={2} findings={3}",
                            Long.toString(report.checkedBytes()),
                            report.badChunks(),
                            report.repaired(),
                            report.findings());
                } catch (IOException e) {
                    LOG.log(Level.WARNING, "scrub ended: cause={0}", e.getMessage());
                }
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
