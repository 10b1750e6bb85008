package dev.muster.coordinator.rollout;

import dev.muster.protocol.MusterException.Unreachable;
import dev.muster.protocol.net.Documents;
import dev.muster.protocol.net.ReleaseList;
import dev.muster.protocol.trust.key.Subject;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// Something that hosts must know, and the hosts that wait for it to change. Safe for threads.
public final class Bulletin {
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<Subject, Wait> waiting = new HashMap<>();
    private Edition edition;

    /// Opens with what is known.
    public Bulletin(Edition first) {
        this.edition = first;
    }

    /// One state of what hosts must know, encoded once for all who ask.
    public static final class Edition {
        private final long revision;
        private final byte[] whole;

        /// What goes to those who have it.
        private final byte[] same;

        private Edition(long revision, byte[] whole, byte[] same) {
            this.revision = revision;
            this.whole = whole;
            this.same = same;
        }

        public static Edition of(Documents documents) {
            Documents same = new Documents(documents.revision(), List.of());
            return new Edition(documents.revision(), documents.encode(), same.encode());
        }

        public static Edition of(ReleaseList releases) {
            ReleaseList same = new ReleaseList(releases.revision(), List.of());
            return new Edition(releases.revision(), releases.encode(), same.encode());
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

    /// Replaces what hosts must know and wakes everybody who waits for that.
    public void publish(Edition next) {
        lock.lock();
        try {
            edition = next;
            waiting.values().forEach(wait -> wait.changed.signal());
        } finally {
            lock.unlock();
        }
    }

    /// All of it, as soon as its revision is another than `after`; when the time is over, that same
    /// revision and nothing else.
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
                throw new Unreachable(caller + ": expected to wait for one thing once, found a newer wait");
            }
            return edition.revision == after ? edition.same : edition.whole;
        } finally {
            waiting.remove(caller, wait);
            lock.unlock();
        }
    }
}
