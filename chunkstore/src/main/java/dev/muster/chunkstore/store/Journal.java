package dev.muster.chunkstore.store;

import dev.muster.chunkstore.disk.Disk;
import dev.muster.chunkstore.disk.DiskFile;
import dev.muster.chunkstore.store.JournalHeader.Kind;
import dev.muster.protocol.MusterException.Corrupt;
import java.io.Closeable;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// What has become true of the store, in order: logs, and a snapshot of those before them. For one thread.
///
/// ```
/// 00000007.snapshot      what logs 1 to 6 said
/// 00000007.log           goes on from there
/// 00000008.log           the current one
/// ```
final class Journal implements Closeable {
    private static final Logger LOG = System.getLogger(Journal.class.getName());

    private final Disk disk;
    private final Path directory;
    private final StoreId store;
    private final long room;
    private JournalLog current;

    private Journal(Disk disk, Path directory, StoreId store, long room, JournalLog current) {
        this.disk = disk;
        this.directory = directory;
        this.store = store;
        this.room = room;
        this.current = current;
    }

    /// The first, empty log of a new store.
    static void create(Disk disk, Path directory, StoreId store) throws IOException {
        JournalHeader first = new JournalHeader(Kind.LOG, 1, store);
        disk.replace(directory.resolve(first.fileName()), first.encode());
    }

    /// Reads what there is into `contents` and opens the last log.
    ///
    /// The last records may not be whole after a crash: they were never reported as durable, and are cut off.
    ///
    /// @param room how many bytes to reserve for a log
    /// @throws Corrupt if anything is missing or damaged in a way that no crash explains
    static Journal open(Disk disk, Path directory, StoreId store, long room, Contents contents) throws IOException {
        // A process that was killed may have left names that are not durable yet, and others are to be deleted
        // for them.
        disk.forceDirectory(directory);
        List<String> names = disk.list(directory);
        int first = 1;
        for (int number : Kind.SNAPSHOT.numbers(names)) {
            first = number;
        }
        if (names.contains(new JournalHeader(Kind.SNAPSHOT, first, store).fileName())) {
            SnapshotFile.read(disk, directory, new JournalHeader(Kind.SNAPSHOT, first, store), contents);
        }
        int last = first;
        for (int number : Kind.LOG.numbers(names)) {
            last = Math.max(last, number);
        }
        long end = replay(disk, directory, store, first, last, contents);
        Path path = directory.resolve(new JournalHeader(Kind.LOG, last, store).fileName());
        Journal journal = new Journal(disk, directory, store, room, JournalLog.open(disk, path, last, end, room));
        journal.deleteBefore(first);
        return journal;
    }

    /// Appends records and returns when they are durable.
    ///
    /// @throws NotAppended if they could not be written; they can be appended once more
    /// @throws IOException if nobody knows whether they are durable; the journal is of no use any more
    void append(List<JournalRecord> records) throws IOException {
        try {
            current.append(records);
        } catch (IOException e) {
            throw new NotAppended(e);
        }
        current.force();
    }

    /// The journal is as it was.
    static final class NotAppended extends IOException {
        NotAppended(IOException cause) {
            super(cause.getMessage(), cause);
        }
    }

    /// How many bytes of records the current log has.
    long size() {
        return current.size() - JournalHeader.BYTES;
    }

    /// Begins a new log, puts a snapshot of `contents` in place of those before, and deletes them. After a failure
    /// the journal is whole, and longer than it need be.
    void checkpoint(Contents contents) throws IOException {
        current.finish();
        JournalHeader log = new JournalHeader(Kind.LOG, current.number() + 1, store);
        Path path = directory.resolve(log.fileName());
        disk.replace(path, log.encode());
        JournalLog next = JournalLog.open(disk, path, log.number(), JournalHeader.BYTES, room);
        current.close();
        current = next;
        SnapshotFile.write(disk, directory, new JournalHeader(Kind.SNAPSHOT, log.number(), store), contents);
        deleteBefore(log.number());
    }

    @Override
    public void close() throws IOException {
        current.close();
    }

    /// Reads logs `first` to `last` and returns where the last one ends. A log that stops being whole is the last
    /// that says anything: a log may have been begun after it, but nothing was written there.
    private static long replay(Disk disk, Path directory, StoreId store, int first, int last, Contents contents)
            throws IOException {
        boolean torn = false;
        long end = 0;
        for (int number = first; number <= last; number++) {
            JournalHeader header = new JournalHeader(Kind.LOG, number, store);
            Path path = directory.resolve(header.fileName());
            if (!disk.exists(path)) {
                throw new Corrupt("journal: expected " + header.fileName() + ", found no such file");
            }
            try (DiskFile file = disk.open(path)) {
                header.check(file);
                end = replay(header, file, contents);
                if (torn && end > JournalHeader.BYTES) {
                    throw new Corrupt("journal: expected nothing in " + header.fileName()
                            + " after a log that is not whole, found " + end + " bytes");
                }
                if (end < file.size()) {
                    torn = true;
                    LOG.log(Level.INFO, "journal cut off: log={0} at={1} of={2}", number, end, file.size());
                    file.truncate(end);
                }
                // What this process found in memory must not be lost after others have built on it.
                file.force();
            }
        }
        return end;
    }

    private static long replay(JournalHeader header, DiskFile file, Contents contents) throws IOException {
        RecordReader in = new RecordReader(header.fileName(), file, JournalHeader.BYTES);
        for (Optional<JournalRecord> next = in.next(); next.isPresent(); next = in.next()) {
            contents.replay(next.get());
        }
        return in.position();
    }

    /// Deletes what a snapshot has made superfluous, and what was never finished.
    private void deleteBefore(int number) throws IOException {
        List<String> names = disk.list(directory);
        for (Kind kind : Kind.values()) {
            for (int old : kind.numbers(names)) {
                if (old < number) {
                    disk.delete(directory.resolve(new JournalHeader(kind, old, store).fileName()));
                }
            }
        }
        for (String name : names) {
            if (name.endsWith(Disk.PART)) {
                disk.delete(directory.resolve(name));
            }
        }
    }
}
