package dev.muster.chunkstore.store;

import dev.muster.chunkstore.store.SegmentWriter.Appended;
import dev.muster.protocol.MusterException.StoreRefused;
import java.io.Closeable;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// Makes what was written durable, many records at once: forces the segments, appends to the journal, forces the
/// journal (invariant R1). A thread of its own does that, every commit interval, when enough was written, or when
/// somebody waits.
///
/// A failed `force` is the end: Linux has forgotten the pages, so what was not durable is lost, and is taken out of the
/// contents. From then on everything is refused until the store is opened again; reading goes on. A journal that cannot
/// be appended to, on a full disk, is not: the same records are tried again with the next commit.
final class Committer implements Closeable {
    private static final Logger LOG = System.getLogger(Committer.class.getName());

    private final Journal journal;
    private final Contents contents;
    private final StoreSettings settings;
    private final Thread thread;

    /// What the thread is making durable, and how long the journal may become; nobody else touches them.
    private Batch current = new Batch();

    private long checkpointAt;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition work = lock.newCondition();
    private final Condition done = lock.newCondition();
    private Batch batch = new Batch();
    private long pendingBytes;
    private long added;
    private long durable;
    private long failures;
    private boolean wanted;
    private boolean closing;
    private boolean fatal;
    private @Nullable IOException failure;

    Committer(Journal journal, Contents contents, StoreSettings settings) {
        this.journal = journal;
        this.contents = contents;
        this.settings = settings;
        this.checkpointAt = settings.journalBytesMax();
        this.thread = Thread.ofPlatform().name("store-commit").daemon().unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    /// Waits until so many bytes more may be written.
    ///
    /// @throws StoreRefused if what was written cannot be made durable
    void awaitRoom(long bytes) throws StoreRefused {
        lock.lock();
        try {
            long before = failures;
            while (pendingBytes > 0 && pendingBytes + bytes > settings.pendingBytesMax()) {
                refuseIfFatal();
                refuseAfter(before);
                wake();
                done.awaitUninterruptibly();
            }
            refuseIfFatal();
        } finally {
            lock.unlock();
        }
    }

    /// A segment was written; the next commit makes it durable.
    void add(Appended appended) throws StoreRefused {
        lock.lock();
        try {
            checkOpen();
            if (appended.record() instanceof JournalRecord.Put put) {
                contents.written(put);
            }
            batch.add(appended);
            added(appended.record());
        } finally {
            lock.unlock();
        }
    }

    /// Something else is to be journaled, after everything added before.
    void add(JournalRecord record) throws StoreRefused {
        lock.lock();
        try {
            checkOpen();
            batch.add(record);
            added(record);
        } finally {
            lock.unlock();
        }
    }

    /// Returns when everything added before is durable.
    ///
    /// @throws StoreRefused if it cannot be made so
    void flush() throws StoreRefused {
        lock.lock();
        try {
            long until = added;
            long before = failures;
            while (durable < until) {
                refuseIfFatal();
                refuseAfter(before);
                wake();
                done.awaitUninterruptibly();
            }
            refuseIfFatal();
        } finally {
            lock.unlock();
        }
    }

    /// Commits what is left, and ends the thread.
    @Override
    public void close() throws StoreRefused {
        lock.lock();
        try {
            closing = true;
            work.signal();
        } finally {
            lock.unlock();
        }
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException _) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        lock.lock();
        try {
            if (durable < added) {
                refuseAfter(-1);
            }
        } finally {
            lock.unlock();
        }
    }

    private void run() {
        try {
            loop();
        } catch (RuntimeException | Error e) {
            // A bug, but nobody must wait for this thread for ever.
            giveUp(new IOException("the committer failed: " + e, e));
        }
    }

    private void loop() {
        boolean last = false;
        while (!last) {
            lock.lock();
            try {
                awaitWork();
                last = closing;
                wanted = false;
                current = batch;
                batch = new Batch();
            } finally {
                lock.unlock();
            }
            if (!current.isEmpty()) {
                commit();
            }
            checkpoint(last);
        }
    }

    private boolean isDue() {
        if (batch.isEmpty()) {
            return closing;
        }
        return closing
                || wanted
                || batch.bytes() >= settings.commitBytes()
                || batch.ageNanos() >= settings.commitInterval().toNanos();
    }

    /// With the lock held.
    private void awaitWork() {
        while (!isDue()) {
            try {
                long interval = settings.commitInterval().toNanos();
                long _ = work.awaitNanos(batch.isEmpty() ? Long.MAX_VALUE : interval - batch.ageNanos());
            } catch (InterruptedException _) {
                // Nobody else has this thread, so nobody may end it but close.
            }
        }
    }

    private void commit() {
        try {
            current.forceFiles();
            journal.append(current.records());
            current.closeFinished();
            committed();
        } catch (Journal.NotAppended e) {
            retryLater(e);
        } catch (IOException e) {
            giveUp(e);
        }
    }

    private void committed() {
        lock.lock();
        try {
            current.records().forEach(contents::committed);
            pendingBytes -= current.bytes();
            durable += current.records().size();
            current = new Batch();
            failure = null;
            done.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void retryLater(IOException why) {
        lock.lock();
        try {
            Batch again = new Batch();
            again.addAll(current);
            again.addAll(batch);
            current = new Batch();
            batch = again;
            failed(why);
        } finally {
            lock.unlock();
        }
    }

    private void giveUp(IOException why) {
        LOG.log(Level.ERROR, "store takes no more chunks until it is opened again: " + why);
        lock.lock();
        try {
            fatal = true;
            current.records().forEach(contents::lost);
            batch.records().forEach(contents::lost);
            current = new Batch();
            batch = new Batch();
            failed(why);
        } finally {
            lock.unlock();
        }
    }

    private void failed(IOException why) {
        failure = why;
        failures++;
        done.signalAll();
    }

    /// Shortens the journal, if it is time. The contents are those that were committed: only this thread commits.
    private void checkpoint(boolean last) {
        if (failure != null || journal.size() == 0 || (journal.size() < checkpointAt && !last)) {
            return;
        }
        try {
            journal.checkpoint(contents);
            checkpointAt = settings.journalBytesMax();
        } catch (IOException e) {
            checkpointAt = journal.size() + settings.journalBytesMax();
            LOG.log(Level.WARNING, "journal not shortened: " + e);
        }
    }

    private void added(JournalRecord record) {
        pendingBytes += Batch.bytes(record);
        added++;
        if (batch.records().size() == 1 || batch.bytes() >= settings.commitBytes()) {
            work.signal();
        }
    }

    private void wake() {
        wanted = true;
        work.signal();
    }

    private void checkOpen() throws StoreRefused {
        refuseIfFatal();
        if (closing) {
            throw new IllegalStateException("the store is closed");
        }
    }

    private void refuseIfFatal() throws StoreRefused {
        if (fatal) {
            refuseAfter(-1);
        }
    }

    private void refuseAfter(long before) throws StoreRefused {
        if (failures > before && failure != null) {
            String ending = fatal ? "; it takes no more until it is opened again" : "";
            throw new StoreRefused(
                    "store: expected to write durably, found: " + failure.getMessage() + ending, failure);
        }
    }
}
