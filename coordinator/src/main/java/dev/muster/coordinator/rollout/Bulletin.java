package dev.muster.coordinator.rollout;

import dev.muster.protocol.net.Documents;
import dev.muster.protocol.trust.document.Envelope;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// The documents that hosts must have, and the hosts that wait for others. Safe for threads.
public final class Bulletin {
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private Edition edition = new Edition(Documents.of(List.of()));

    /// One state of all documents, encoded once for all who ask.
    private static final class Edition {
        final long revision;
        final byte[] whole;

        Edition(Documents documents) {
            revision = documents.revision();
            whole = documents.encode();
        }
    }

    /// Replaces the documents and wakes everybody who waits for that.
    public void publish(List<Envelope> envelopes) {
        Edition next = new Edition(Documents.of(envelopes));
        lock.lock();
        try {
            edition = next;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /// All documents in the form of [Documents], as soon as their revision is another than `after`; when the wait is
    /// over, that same revision without documents.
    public byte[] await(long after, Duration wait) throws InterruptedException {
        lock.lock();
        try {
            long left = wait.toNanos();
            while (edition.revision == after && left > 0) {
                left = changed.awaitNanos(left);
            }
            return edition.revision == after ? new Documents(after, List.of()).encode() : edition.whole;
        } finally {
            lock.unlock();
        }
    }
}
