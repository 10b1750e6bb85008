package dev.muster.chunkstore.store;

import dev.muster.chunkstore.store.JournalRecord.Leased;
import dev.muster.protocol.MusterException.StoreRefused;
import dev.muster.protocol.content.ManifestId;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;

/// Until when leases of images hold after a crash. A lease that is open holds in any case. For many threads.
final class LeaseTerms {
    private static final Duration TERM = Duration.ofHours(24);

    private final Contents contents;
    private final CommitQueue queue;
    private final InstantSource clock;
    private final ReentrantLock lock = new ReentrantLock();

    /// How many leases of an image are open.
    private final Map<ManifestId, Integer> open = new HashMap<>();

    LeaseTerms(Contents contents, CommitQueue queue, InstantSource clock) {
        this.contents = contents;
        this.queue = queue;
        this.clock = clock;
    }

    /// Returns when the lease is durable.
    void begin(ManifestId id) throws StoreRefused {
        lock.lock();
        try {
            queue.add(new Leased(id, clock.millis() + TERM.toMillis()));
            open.merge(id, 1, Integer::sum);
        } finally {
            lock.unlock();
        }
        try {
            queue.flush();
        } catch (StoreRefused e) {
            end(id);
            throw e;
        }
    }

    /// The lease is being used; its term is put off, if half of it has passed. One that was ended stays so.
    void renew(ManifestId id) {
        lock.lock();
        try {
            long now = clock.millis();
            if (open.containsKey(id) && contents.leases().getOrDefault(id, now) < now + TERM.toMillis() / 2) {
                queue.offer(new Leased(id, now + TERM.toMillis()));
            }
        } finally {
            lock.unlock();
        }
    }

    void end(ManifestId id) {
        lock.lock();
        try {
            if (open.merge(id, -1, Integer::sum) == 0) {
                open.remove(id);
                queue.offer(new Leased(id, 0));
            }
        } finally {
            lock.unlock();
        }
    }

    /// Images that are held: by an open lease, or by one that was not ended and whose term has not passed. The others
    /// are forgotten.
    Set<ManifestId> current() {
        lock.lock();
        try {
            Set<ManifestId> current = new HashSet<>(open.keySet());
            contents.leases().forEach((id, untilMillis) -> {
                if (untilMillis > clock.millis()) {
                    current.add(id);
                } else if (!open.containsKey(id)) {
                    queue.offer(new Leased(id, 0));
                }
            });
            return current;
        } finally {
            lock.unlock();
        }
    }
}
