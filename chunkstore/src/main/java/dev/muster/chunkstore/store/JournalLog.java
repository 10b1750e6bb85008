package dev.muster.chunkstore.store;

import dev.muster.chunkstore.disk.Disk;
import dev.muster.chunkstore.disk.DiskFile;
import dev.muster.protocol.codec.ByteWriter;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;

/// One log of the journal, open at its end. For one thread.
final class JournalLog implements Closeable {
    private final int number;
    private final DiskFile file;
    private long end;

    private JournalLog(int number, DiskFile file, long end) {
        this.number = number;
        this.file = file;
        this.end = end;
    }

    /// A log that is whole up to `end`.
    ///
    /// @param room how many bytes to reserve, so that a full disk is found early where it can be
    static JournalLog open(Disk disk, Path path, int number, long end, long room) throws IOException {
        DiskFile file = disk.open(path);
        try {
            file.allocate(Math.max(room, end), true);
        } catch (IOException _) {
            // Without the room, appending finds out that the disk is full.
        }
        return new JournalLog(number, file, end);
    }

    int number() {
        return number;
    }

    long size() {
        return end;
    }

    /// Writes records at the end, all before it being durable. After a failure the end is where it was: the same
    /// records can be written once
    /// more, over whatever part of them is there.
    void append(List<JournalRecord> records) throws IOException {
        ByteWriter out = new ByteWriter((records.size() + 1) * 64).bytes(JournalFrame.encodeBatch(end));
        for (JournalRecord record : records) {
            out.bytes(record.encode());
        }
        file.write(ByteBuffer.wrap(out.toBytes()), end);
        end += out.size();
    }

    void force() throws IOException {
        file.force();
    }

    /// Cuts off whatever lies behind the last record.
    void finish() throws IOException {
        file.truncate(end);
        file.force();
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
