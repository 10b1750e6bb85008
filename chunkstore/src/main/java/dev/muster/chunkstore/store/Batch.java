package dev.muster.chunkstore.store;

import dev.muster.chunkstore.disk.DiskFile;
import dev.muster.chunkstore.store.JournalRecord.Put;
import dev.muster.chunkstore.store.SegmentWriter.Appended;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// Records that become durable together, in order, and the segments to force before. For one thread at a time.
final class Batch {
    private final List<JournalRecord> records = new ArrayList<>();
    private final Set<DiskFile> files = new LinkedHashSet<>();
    private final List<DiskFile> finished = new ArrayList<>();
    private final long since = System.nanoTime();
    private long bytes;

    void add(Appended appended) {
        files.add(appended.file());
        if (appended.done()) {
            finished.add(appended.file());
        }
        add(appended.record());
    }

    /// A file to be forced besides.
    void require(DiskFile file) {
        files.add(file);
    }

    void add(JournalRecord record) {
        records.add(record);
        bytes += bytes(record);
    }

    /// Everything of `later` comes after.
    void addAll(Batch later) {
        records.addAll(later.records);
        files.addAll(later.files);
        finished.addAll(later.finished);
        bytes += later.bytes;
    }

    List<JournalRecord> records() {
        return records;
    }

    boolean isEmpty() {
        return records.isEmpty();
    }

    /// What was written for it.
    long bytes() {
        return bytes;
    }

    /// How long it has been waiting.
    long ageNanos() {
        return System.nanoTime() - since;
    }

    static long bytes(JournalRecord record) {
        return record instanceof Put put ? put.place().bytes() : 0;
    }

    void forceFiles() throws IOException {
        for (DiskFile file : files) {
            file.force();
        }
    }

    void closeFinished() throws IOException {
        for (DiskFile file : finished) {
            file.close();
        }
    }
}
