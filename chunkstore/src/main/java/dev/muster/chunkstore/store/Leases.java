package dev.muster.chunkstore.store;

import dev.muster.protocol.MusterException.StoreRefused;
import dev.muster.protocol.content.Hash;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;

/// Which chunks, heads, pages and images the open leases hold, by hash.
///
/// The argument for promise R4, as far as leases go. All of it happens under one lock, for so long as it takes to
/// look into a few tables:
///
/// - Who uses something *first* holds its hash ([#hold]) and *then* looks whether it is here.
/// - Who collects something looks whether a lease holds it and takes it away ([#unlessHeld]), both in one hold of the
///   lock.
///
/// So one of the two came first. If it was the user, the collector sees the lease, and leaves it alone. If it was the
/// collector, the user looks after it was taken away, finds that it is not here, and fetches it; that gives it a new
/// place, which the collector, who took away the old one, does not touch. There is no third case: nobody can find a
/// thing, be told that it is here, and lose it.
///
/// A collection asks once what refs, images and other roots name, and goes on for a while. What becomes a root
/// meanwhile was held by a lease just before; therefore a lease that is closed during a collection *lingers*
/// until that has ended. The next one asks the roots again.
final class Leases {
    static final int OPEN_MAX = 256;

    private final ReentrantLock lock = new ReentrantLock();
    private final List<HashTable> open = new ArrayList<>();
    private HashTable lingering = new HashTable();
    private boolean collecting;

    /// A new, empty lease.
    HashTable open() throws StoreRefused {
        lock.lock();
        try {
            if (open.size() >= OPEN_MAX) {
                throw new StoreRefused("expected at most " + OPEN_MAX + " leases of a store, found one more");
            }
            HashTable lease = new HashTable();
            open.add(lease);
            return lease;
        } finally {
            lock.unlock();
        }
    }

    /// From now on a lease holds that.
    ///
    /// @return false if it holds too much already
    boolean hold(HashTable lease, Hash hash) {
        lock.lock();
        try {
            if (lease.size() >= Lease.HELD_MAX && !lease.contains(hash)) {
                return false;
            }
            lease.put(hash, 1);
            return true;
        } finally {
            lock.unlock();
        }
    }

    void close(HashTable lease) {
        lock.lock();
        try {
            if (open.removeIf(each -> each == lease) && collecting) {
                lingering.putAll(lease);
            }
        } finally {
            lock.unlock();
        }
    }

    /// A collection begins: before it asks for roots.
    void beginCollection() {
        lock.lock();
        try {
            collecting = true;
        } finally {
            lock.unlock();
        }
    }

    void endCollection() {
        lock.lock();
        try {
            collecting = false;
            lingering = new HashTable();
        } finally {
            lock.unlock();
        }
    }

    boolean holds(Hash hash) {
        lock.lock();
        try {
            return isHeld(hash);
        } finally {
            lock.unlock();
        }
    }

    /// Takes something away, unless a lease holds it.
    ///
    /// @return what `taking` returned, or false if a lease holds it
    boolean unlessHeld(Hash hash, Taking taking) throws IOException {
        lock.lock();
        try {
            return !isHeld(hash) && taking.take();
        } finally {
            lock.unlock();
        }
    }

    int size() {
        lock.lock();
        try {
            return open.size();
        } finally {
            lock.unlock();
        }
    }

    /// Takes something away at once, so that nobody finds it any more.
    @FunctionalInterface
    interface Taking {
        boolean take() throws IOException;
    }

    private boolean isHeld(Hash hash) {
        for (HashTable lease : open) {
            if (lease.contains(hash)) {
                return true;
            }
        }
        return lingering.contains(hash);
    }
}
