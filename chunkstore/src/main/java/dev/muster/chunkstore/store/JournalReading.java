package dev.muster.chunkstore.store;

import dev.muster.chunkstore.disk.Disk;
import dev.muster.chunkstore.disk.DiskFile;
import dev.muster.chunkstore.store.Contents.RecordSink;
import dev.muster.chunkstore.store.JournalHeader.Kind;
import dev.muster.protocol.MusterException.Corrupt;
import dev.muster.protocol.codec.ByteReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// A journal as it was found, read without changing anything.
///
/// @param first the number of the snapshot, and of the first log that counts
/// @param logs at least one, in order
record JournalReading(int first, List<Log> logs) {
    JournalReading {
        logs = List.copyOf(logs);
    }

    /// @param end where the last whole record ends
    record Log(JournalHeader header, long end, long size) {
        /// Whether a crash left something behind the last record.
        boolean isTorn() {
            return end < size;
        }
    }

    /// Reads the newest snapshot and the logs from there on, and hands on what they say.
    ///
    /// @throws Corrupt if anything is missing or damaged in a way that no crash explains
    static JournalReading of(Disk disk, Path directory, StoreId store, RecordSink<Corrupt> out) throws IOException {
        List<String> names = disk.exists(directory) ? disk.list(directory) : List.of();
        List<Integer> snapshots = Kind.SNAPSHOT.numbers(names);
        int first = snapshots.isEmpty() ? 1 : snapshots.getLast();
        if (!snapshots.isEmpty()) {
            SnapshotFile.read(disk, directory, new JournalHeader(Kind.SNAPSHOT, first, store), out);
        }
        int last = first;
        for (int number : Kind.LOG.numbers(names)) {
            last = Math.max(last, number);
        }
        List<Log> logs = new ArrayList<>();
        for (int number = first; number <= last; number++) {
            logs.add(readLog(disk, directory, new JournalHeader(Kind.LOG, number, store), out));
        }
        checkEnds(logs);
        return new JournalReading(first, logs);
    }

    private static Log readLog(Disk disk, Path directory, JournalHeader header, RecordSink<Corrupt> out)
            throws IOException {
        Path path = directory.resolve(header.fileName());
        if (!disk.exists(path)) {
            throw new Corrupt("journal: expected " + header.fileName() + ", found no such file");
        }
        try (DiskFile file = disk.open(path)) {
            header.check(file);
            RecordReader in = new RecordReader(header.fileName(), file, JournalHeader.BYTES);
            while (in.next()) {
                if (in.type() == JournalFrame.BATCH) {
                    checkBatch(in.body(), in.start());
                } else {
                    out.accept(in.record());
                }
            }
            if (in.goesOn()) {
                throw new Corrupt(header.fileName() + ": expected a record at " + in.position()
                        + ", found other bytes, and records that were written later");
            }
            return new Log(header, in.position(), file.size());
        }
    }

    private static void checkBatch(ByteReader body, long start) throws Corrupt {
        long at = body.u64();
        body.end();
        if (at != start) {
            throw body.refuse("what was written there", "what was written at " + at);
        }
    }

    /// A log that stops being whole is the last that says anything: a log may have been begun after it, but nothing
    /// was written there.
    private static void checkEnds(List<Log> logs) throws Corrupt {
        boolean torn = false;
        for (Log log : logs) {
            if (torn && log.end() > JournalHeader.BYTES) {
                throw new Corrupt("journal: expected nothing in " + log.header().fileName()
                        + " after a log that is not whole, found " + log.end() + " bytes");
            }
            torn |= log.isTorn();
        }
    }
}
