package dev.muster.coordinator.rollout;

import dev.muster.protocol.MusterException.Unreachable;
import dev.muster.protocol.net.Documents;
import dev.muster.protocol.trust.document.Envelope;
import dev.muster.protocol.trust.key.Subject;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// The documents that hosts must have, and the hosts that wait for others. Safe for threads.
public final class Bulletin {
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<Subject, Wait> waiting = new HashMap<>();
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

    /// One caller that waits.
    private static final class Wait {
        final Condition changed;
        boolean replaced;

        Wait(Condition changed) {
            this.changed = changed;
        }
    }

    /// Replaces the documents and wakes everybody who waits for that.
    public void publish(List<Envelope> envelopes) {
        Edition next = new Edition(Documents.of(envelopes));
        lock.lock();
        try {
            edition = next;
            waiting.values().forEach(wait -> wait.changed.signal());
        } finally {
            lock.unlock();
        }
    }

    /// All documents in the form of [Documents], as soon as their revision is another than `after`; when the time is
    /// over, that same revision without documents.
    ///
    /// @throws Unreachable if the caller began to wait anew, which ends its older wait: there is one for each
    public byte[] await(Subject caller, long after, Duration time) throws Unreachable, InterruptedException {
        lock.lock();
        Wait wait = new Wait(lock.newCondition());
        try {
            Wait older = waiting.put(caller, wait);
            if (older != null) {
                older.replaced = true;
                older.changed.signal();
            }
            long left = time.toNanos();
            while (edition.revision == after && left > 0 && !wait.replaced) {
                left = wait.changed.awaitNanos(left);
            }
            if (wait.replaced) {
                throw new Unreachable(caller + ": expected to wait for documents once, found a newer wait");
            }
            return edition.revision == after ? new Documents(after, List.of()).encode() : edition.whole;
        } finally {
            waiting.remove(caller, wait);
            lock.unlock();
        }
    }
}
