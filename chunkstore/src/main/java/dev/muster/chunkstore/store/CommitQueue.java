package dev.muster.chunkstore.store;

import dev.muster.chunkstore.disk.DiskFile;
import dev.muster.chunkstore.store.SegmentWriter.Appended;
import dev.muster.protocol.MusterException.StoreRefused;
import dev.muster.protocol.content.ChunkId;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// What was written and waits to be made durable, between the many threads that write and the committer's one.
///
/// Who writes waits in [#awaitRoom] while too much is waiting, and in [#flush] until what it added is durable. The
/// committer takes a batch at a time and says what became of it.
final class CommitQueue {
    private final Contents contents;
    private final StoreSettings settings;

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

    CommitQueue(Contents contents, StoreSettings settings) {
        this.contents = contents;
        this.settings = settings;
    }

    /// Waits until so many bytes more may be written.
    ///
    /// @throws StoreRefused if what was written cannot be made durable
    void awaitRoom(long bytes) throws StoreRefused {
        lock.lock();
        try {
            long before = failures;
            while (pendingBytes > 0 && pendingBytes + bytes > settings.pendingBytesMax()) {
                demandCommit(before);
                done.awaitUninterruptibly();
            }
            refuseIfFatal();
        } finally {
            lock.unlock();
        }
    }

    /// A segment was written; the next commit makes it durable.
    ///
    /// @param required files that it relies on, to be forced before it is journaled
    void add(Appended appended, List<DiskFile> required) throws StoreRefused {
        lock.lock();
        try {
            refuseIfClosed();
            contents.announced(appended.record());
            batch.add(appended);
            required.forEach(batch::require);
            added(appended.record());
        } finally {
            lock.unlock();
        }
    }

    /// Something else is to be journaled, after everything added before.
    void add(JournalRecord record) throws StoreRefused {
        lock.lock();
        try {
            refuseIfClosed();
            contents.announced(record);
            batch.add(record);
            added(record);
        } finally {
            lock.unlock();
        }
    }

    /// As [#add], where nobody is to hear of it if the store takes nothing more: it is true until the end of this
    /// process.
    void offer(JournalRecord record) {
        lock.lock();
        try {
            contents.announced(record);
            if (!fatal && !closing) {
                batch.add(record);
                added(record);
            }
        } finally {
            lock.unlock();
        }
    }

    /// A chunk has that place no longer, if it still had.
    ///
    /// @return whether it had
    boolean condemn(ChunkId id, Place place) {
        lock.lock();
        try {
            boolean had = contents.chunks().find(id).filter(place::equals).isPresent();
            if (had) {
                offer(new JournalRecord.Condemn(id, place));
            }
            return had;
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
                demandCommit(before);
                done.awaitUninterruptibly();
            }
            refuseIfFatal();
        } finally {
            lock.unlock();
        }
    }

    /// Nothing more may be added, and what there is is due.
    void close() {
        lock.lock();
        try {
            closing = true;
            work.signal();
        } finally {
            lock.unlock();
        }
    }

    /// What is to be made durable, once it is time: after the commit interval, when it is enough, when somebody
    /// waits, and on closing. Nothing only when it is closed and nothing is left.
    Batch take() {
        lock.lock();
        try {
            awaitWork();
            wanted = false;
            Batch taken = batch;
            batch = new Batch();
            return taken;
        } finally {
            lock.unlock();
        }
    }

    /// A batch is durable.
    void committed(Batch taken) {
        lock.lock();
        try {
            taken.records().forEach(contents::committed);
            pendingBytes -= taken.bytes();
            durable += taken.records().size();
            failure = null;
            done.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /// A batch is not durable, and is to be tried again with what came after it.
    ///
    /// @return false if it is too late for that
    boolean putBack(Batch taken, IOException why) {
        lock.lock();
        try {
            Batch again = new Batch();
            again.addAll(taken);
            again.addAll(batch);
            batch = again;
            failed(why);
            return !closing;
        } finally {
            lock.unlock();
        }
    }

    /// A batch, and all that came after it, is lost, and nothing will be taken any more.
    void lost(Batch taken, IOException why) {
        lock.lock();
        try {
            fatal = true;
            batch.records().reversed().forEach(contents::lost);
            taken.records().reversed().forEach(contents::lost);
            batch = new Batch();
            failed(why);
        } finally {
            lock.unlock();
        }
    }

    /// @throws StoreRefused if anything that was added is not durable
    void requireDurable() throws StoreRefused {
        lock.lock();
        try {
            if (durable < added) {
                refuse();
            }
        } finally {
            lock.unlock();
        }
    }

    private void added(JournalRecord record) {
        pendingBytes += Batch.bytes(record);
        added++;
        if (batch.records().size() == 1 || batch.bytes() >= settings.commitBytes()) {
            work.signal();
        }
    }

    private boolean isDue() {
        if (closing || batch.isEmpty()) {
            return closing;
        }
        // After a failure there is a pause, unless somebody waits: it will not have passed at once.
        return wanted
                || (failure == null && batch.bytes() >= settings.commitBytes())
                || batch.ageNanos() >= settings.commitInterval().toNanos();
    }

    private void awaitWork() {
        while (!isDue()) {
            long left = settings.commitInterval().toNanos() - batch.ageNanos();
            try {
                long _ = work.awaitNanos(batch.isEmpty() ? Long.MAX_VALUE : left);
            } catch (InterruptedException _) {
                // Nobody but close ends the committer.
            }
        }
    }

    private void demandCommit(long failuresBefore) throws StoreRefused {
        refuseIfFatal();
        if (failures > failuresBefore) {
            refuse();
        }
        wanted = true;
        work.signal();
    }

    private void failed(IOException why) {
        failure = why;
        failures++;
        done.signalAll();
    }

    private void refuseIfClosed() throws StoreRefused {
        refuseIfFatal();
        if (closing) {
            throw new IllegalStateException("the store is closed");
        }
    }

    private void refuseIfFatal() throws StoreRefused {
        if (fatal) {
            refuse();
        }
    }

    private void refuse() throws StoreRefused {
        String ending = fatal ? "; it takes no more until it is opened again" : "";
        if (failure != null) {
            throw new StoreRefused(
                    "store: expected to write durably, found: " + failure.getMessage() + ending, failure);
        }
    }
}
