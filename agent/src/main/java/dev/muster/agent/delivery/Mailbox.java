package dev.muster.agent.delivery;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// What waits for the owner of a state. Senders that can be slowed are: above [#HIGH] bytes the one who brings more is
/// paused, and below [#LOW] all go on; so what waits is bounded by [#HIGH] and what is already in the paused senders'
/// buffers.
///
/// @param <T> what is put in
final class Mailbox<T> {
    static final long HIGH = 8L << 20;
    static final long LOW = HIGH / 2;
    private static final long ENTRY_BYTES = 64;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition filled = lock.newCondition();
    private final Queue<Entry<T>> entries = new ArrayDeque<>();
    private final Set<Pausable> paused = new LinkedHashSet<>();
    private long bytes;
    private boolean closed;

    /// Someone whose messages can be held back.
    interface Pausable {
        void pause();

        void resume();
    }

    private record Entry<T>(T item, long bytes) {}

    /// Puts in something that is rare or small.
    void post(T item) {
        lock.lock();
        try {
            add(item, 0);
        } finally {
            lock.unlock();
        }
    }

    /// Puts in what a peer brought.
    ///
    /// @param weight how much memory it holds
    void post(T item, long weight, Pausable from) {
        lock.lock();
        try {
            add(item, weight);
            if (!closed && bytes > HIGH && paused.add(from)) {
                from.pause();
            }
        } finally {
            lock.unlock();
        }
    }

    /// Nobody takes anything any more: what waits is dropped, and all go on.
    void close() {
        lock.lock();
        try {
            closed = true;
            entries.clear();
            paused.forEach(Pausable::resume);
            paused.clear();
        } finally {
            lock.unlock();
        }
    }

    /// All that waits, in order, at most `max`; waits up to `nanos` for the first.
    List<T> take(int max, long nanos) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            long left = nanos;
            while (entries.isEmpty() && left > 0) {
                left = filled.awaitNanos(left);
            }
            List<T> taken = new ArrayList<>();
            while (taken.size() < max && !entries.isEmpty()) {
                Entry<T> entry = entries.remove();
                bytes -= entry.bytes;
                taken.add(entry.item);
            }
            if (bytes <= LOW) {
                paused.forEach(Pausable::resume);
                paused.clear();
            }
            return taken;
        } finally {
            lock.unlock();
        }
    }

    private void add(T item, long weight) {
        if (closed) {
            return;
        }
        entries.add(new Entry<>(item, weight + ENTRY_BYTES));
        bytes += weight + ENTRY_BYTES;
        filled.signal();
    }
}
