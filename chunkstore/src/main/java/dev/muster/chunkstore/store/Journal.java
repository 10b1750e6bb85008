package dev.muster.chunkstore.store;

import dev.muster.chunkstore.disk.Disk;
import dev.muster.chunkstore.disk.DiskFile;
import dev.muster.chunkstore.store.JournalHeader.Kind;
import dev.muster.protocol.MusterException.Corrupt;
import java.io.Closeable;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;

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
        JournalReading read = JournalReading.of(disk, directory, store, contents::replay);
        for (JournalReading.Log log : read.logs()) {
            Path path = directory.resolve(log.header().fileName());
            try (DiskFile file = disk.open(path)) {
                if (log.isTorn()) {
                    LOG.log(Level.INFO, "journal cut off: log={0} at={1} of={2}", path, log.end(), log.size());
                    file.truncate(log.end());
                }
                // What this process found in memory must not be lost after others have built on it.
                file.force();
            }
        }
        JournalReading.Log last = read.logs().getLast();
        int number = last.header().number();
        Path path = directory.resolve(last.header().fileName());
        Journal journal =
                new Journal(disk, directory, store, room, JournalLog.open(disk, path, number, last.end(), room));
        journal.deleteBefore(read.first());
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

    /// Begins a new log, if there is room for all of it, puts a snapshot of `contents` in place of those before, and
    /// deletes them. After a failure the journal is whole, and longer than it need be.
    void checkpoint(Contents contents) throws IOException {
        JournalHeader log = new JournalHeader(Kind.LOG, current.number() + 1, store);
        Path path = directory.resolve(log.fileName());
        disk.replace(path, file -> {
            file.write(ByteBuffer.wrap(log.encode()), 0);
            file.allocate(room, true);
            // It lets go of the room it has left, so the next one has its own by now.
            current.finish();
        });
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
