package dev.muster.agent.limit;

import dev.muster.protocol.trust.document.HostReport;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/// The limits at work: makes senders wait, and says how long not to read. Safe for many threads.
///
/// One of those who wait watches the clock for all of them, and hands that on when it goes (as in
/// [java.util.concurrent.DelayQueue]), so that a turn wakes nobody in vain.
public final class Throttle {
    /// A connection is not held back for less.
    private static final long PAUSE_NANOS_MIN = 2_000_000;

    /// How often the time of the day is looked at.
    private static final long WINDOWS_NANOS = Bucket.SECOND;

    private final String site;
    private final IntSupplier sharers;
    private final ReentrantLock lock = new ReentrantLock();
    private final Bucket upload;
    private final Bucket download;
    private final Map<String, Bucket> wanDownload = new HashMap<>();
    private final Line<Condition> line;

    /// Whose turn has come and who has not noticed yet.
    private final Set<Condition> admitted = new HashSet<>();

    private volatile HostLimits limits;
    private volatile boolean unlimited;
    private long windowsAt;
    private @Nullable Condition watcher;

    /// @param site this host's
    /// @param sharers how many hosts of this site share what a WAN link brings; asked once a message
    public Throttle(String site, HostLimits limits, IntSupplier sharers) {
        long now = System.nanoTime();
        this.site = site;
        this.sharers = sharers;
        this.upload = new Bucket(0, Bucket.SENDING_NANOS, now);
        this.download = new Bucket(0, Bucket.RECEIVING_NANOS, now);
        this.line = new Line<>(upload, other -> limits().wanTo(other));
        this.limits = limits;
        this.windowsAt = now;
        set(limits);
    }

    /// No limit at all, for as long as nothing else is [#set].
    public static Throttle none() {
        return new Throttle("", HostLimits.NONE, () -> 1);
    }

    public HostLimits limits() {
        return limits;
    }

    /// What may be sent and received at this time of the day.
    public HostReport.Allowed allowed() {
        LocalDateTime when = LocalDateTime.now(ZoneId.systemDefault());
        HostLimits now = limits;
        return new HostReport.Allowed(now.uploadAt(when), now.downloadAt(when), now.wan());
    }

    /// Takes effect with the next message.
    public void set(HostLimits other) {
        lock.lock();
        try {
            limits = other;
            unlimited = other.equals(HostLimits.NONE.withSourceCopies(other.sourceCopies()));
            windowsAt = System.nanoTime();
            admit();
            signalAny();
        } finally {
            lock.unlock();
        }
    }

    /// Returns when a message of so many bytes may be sent to a host of that site.
    public void send(String to, Urgency urgency, long messageBytes) throws InterruptedException {
        if (unlimited) {
            return;
        }
        lock.lockInterruptibly();
        try {
            Condition turn = lock.newCondition();
            Line.Place<Condition> place =
                    new Line.Place<>(turn, urgency, to.equals(site) ? "" : to, WireCost.of(messageBytes));
            line.enter(place);
            try {
                awaitTurn(turn);
            } finally {
                line.leave(place);
                admitted.remove(turn);
                signalAny();
            }
        } finally {
            lock.unlock();
        }
    }

    /// Counts what came from a host of that site.
    ///
    /// @return how many nanoseconds it should not be read for; often 0
    public long received(String from, long messageBytes) {
        if (unlimited) {
            return 0;
        }
        lock.lock();
        try {
            long now = System.nanoTime();
            lookAtTheClock(now);
            long bytes = WireCost.of(messageBytes);
            download.take(bytes, now);
            long wait = download.delay(now);
            if (!from.equals(site)) {
                Bucket wan = wanDownload.computeIfAbsent(from, _ -> new Bucket(0, Bucket.RECEIVING_NANOS, now));
                wan.limit(share(limits.wanTo(from)));
                wan.take(bytes, now);
                wait = Math.max(wait, wan.delay(now));
            }
            return wait < PAUSE_NANOS_MIN ? 0 : wait;
        } finally {
            lock.unlock();
        }
    }

    private long share(long bytesPerSecond) {
        return bytesPerSecond == 0 ? 0 : Math.max(1, bytesPerSecond / Math.max(1, sharers.getAsInt()));
    }

    private void awaitTurn(Condition turn) throws InterruptedException {
        admit();
        while (!admitted.contains(turn)) {
            if (watcher == null) {
                watcher = turn;
                try {
                    long _ = turn.awaitNanos(Math.clamp(line.delay(System.nanoTime()), 1, WINDOWS_NANOS));
                } finally {
                    watcher = null;
                }
                admit();
            } else {
                turn.await();
            }
        }
    }

    private void admit() {
        long now = System.nanoTime();
        lookAtTheClock(now);
        for (Line.Place<Condition> place : line.admit(now)) {
            admitted.add(place.sender());
            place.sender().signal();
        }
    }

    /// Somebody who waits becomes the watcher, if there is none.
    private void signalAny() {
        if (watcher == null) {
            line.first().ifPresent(place -> place.sender().signal());
        } else {
            watcher.signal();
        }
    }

    private void lookAtTheClock(long now) {
        if (now - windowsAt >= 0) {
            windowsAt = now + WINDOWS_NANOS;
            LocalDateTime when = LocalDateTime.now(ZoneId.systemDefault());
            upload.limit(limits.uploadAt(when));
            download.limit(limits.downloadAt(when));
        }
    }
}
