package dev.muster.agent.activate;

import dev.muster.chunkstore.Progress;
import dev.muster.protocol.content.Hash;
import dev.muster.protocol.trust.document.HostReport;
import dev.muster.protocol.trust.document.Names;
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
    private volatile long wire;
    private volatile long fetched;
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

    /// All of it, at this moment.
    HostReport.Work work() {
        return new HostReport.Work(
                state,
                new HostReport.Progress(Math.min(done.sum(), total), total),
                wire,
                new HostReport.Times(started, fetched, finished),
                error);
    }

    /// So many bytes have to be sent for what is not here.
    void lacks(long bytes) {
        wire += bytes;
    }

    /// Something is in the way that may pass.
    void delayed(String why) {
        error = Names.printable(why, HostReport.ERROR_BYTES_MAX);
    }

    void enter(HostReport.State next) {
        state = next;
        error = "";
    }

    /// Everything is here, and is written from now on.
    void fetched(long now) {
        fetched = now;
        enter(HostReport.State.WRITING);
    }

    void end(HostReport.State outcome, String why, long now) {
        error = Names.printable(why, HostReport.ERROR_BYTES_MAX);
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
