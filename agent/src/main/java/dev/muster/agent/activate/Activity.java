package dev.muster.agent.activate;

import dev.muster.chunkstore.Progress;
import dev.muster.protocol.content.Hash;
import dev.muster.protocol.trust.document.HostReport;
import dev.muster.protocol.trust.document.Release;
import dev.muster.protocol.trust.document.Signed;
import java.util.concurrent.atomic.LongAdder;

/// How far the host is with one name: what it works on, or what came of it. Written by one thread, read by many.
final class Activity implements Progress {
    private final Signed<Release> release;
    private final Hash pin;
    private final long started;
    private final LongAdder done = new LongAdder();
    private volatile long total;
    private volatile long finished;
    private volatile HostReport.State state = HostReport.State.FETCHING;
    private volatile String error = "";

    /// @param pin the order that this carries out
    /// @param now epoch milliseconds
    Activity(Signed<Release> release, Hash pin, long now) {
        this.release = release;
        this.pin = pin;
        this.started = now;
    }

    Signed<Release> release() {
        return release;
    }

    Hash pin() {
        return pin;
    }

    HostReport.State state() {
        return state;
    }

    String error() {
        return error;
    }

    HostReport.Progress progress() {
        return new HostReport.Progress(Math.min(done.sum(), total), total);
    }

    long started() {
        return started;
    }

    /// 0 while it goes on.
    long finished() {
        return finished;
    }

    /// Something is in the way that may pass.
    void delayed(String why) {
        error = why;
    }

    void enter(HostReport.State next) {
        state = next;
        error = "";
    }

    void end(HostReport.State outcome, String why, long now) {
        error = why;
        finished = now;
        state = outcome;
    }

    @Override
    public void phase(String name, long totalBytes) {
        done.reset();
        total = totalBytes;
    }

    @Override
    public void advance(long bytes) {
        done.add(bytes);
    }
}
