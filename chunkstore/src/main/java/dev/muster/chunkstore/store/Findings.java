package dev.muster.chunkstore.store;

import dev.muster.chunkstore.store.Finding.Kind;
import dev.muster.protocol.MusterException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;

/// What a check comes across, the first [FsckReport#FINDINGS_MAX] by name. For many threads.
final class Findings {
    private final ReentrantLock lock = new ReentrantLock();
    private final List<Finding> listed = new ArrayList<>();
    private long unlisted;

    void add(Kind kind, String what, String where, String message) {
        lock.lock();
        try {
            if (listed.size() < FsckReport.FINDINGS_MAX) {
                listed.add(new Finding(kind, what, where, message));
            } else {
                unlisted++;
            }
        } finally {
            lock.unlock();
        }
    }

    /// What a failure says is wrong; a disk that cannot read gives no bytes at all.
    static String message(IOException e) {
        return e instanceof MusterException ? String.valueOf(e.getMessage()) : "expected bytes, found none: " + e;
    }

    List<Finding> listed() {
        lock.lock();
        try {
            return List.copyOf(listed);
        } finally {
            lock.unlock();
        }
    }

    long unlisted() {
        lock.lock();
        try {
            return unlisted;
        } finally {
            lock.unlock();
        }
    }
}
