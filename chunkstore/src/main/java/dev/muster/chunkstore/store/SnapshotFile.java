package dev.muster.chunkstore.store;

import dev.muster.chunkstore.disk.Disk;
import dev.muster.chunkstore.disk.DiskFile;
import dev.muster.chunkstore.store.JournalRecord.End;
import dev.muster.protocol.MusterException.Corrupt;
import dev.muster.protocol.codec.ByteWriter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Optional;

/// What all logs before one say, in the fewest records, so that they need not be kept and read.
final class SnapshotFile {
    private static final int BUFFER_BYTES = 1 << 20;

    private SnapshotFile() {}

    /// Puts a snapshot in place, whole or not at all.
    static void write(Disk disk, Path directory, JournalHeader header, Contents contents) throws IOException {
        Path path = directory.resolve(header.fileName());
        Path part = directory.resolve(header.fileName() + Disk.PART);
        try (DiskFile file = disk.create(part)) {
            Output out = new Output(file);
            out.bytes(header.encode());
            contents.replayInto(out::record);
            out.record(new End(out.records));
            out.flush();
            file.force();
        }
        disk.rename(part, path);
        disk.forceDirectory(directory);
    }

    /// @throws Corrupt if it is not whole: a snapshot is in place only when it is
    static void read(Disk disk, Path directory, JournalHeader header, Contents contents) throws IOException {
        String what = header.fileName();
        try (DiskFile file = disk.open(directory.resolve(what))) {
            header.check(file);
            RecordReader in = new RecordReader(what, file, JournalHeader.BYTES);
            long records = 0;
            for (Optional<JournalRecord> next = in.next(); next.isPresent(); next = in.next()) {
                if (next.get() instanceof End(long expected)) {
                    if (expected != records || in.remaining() != 0) {
                        throw new Corrupt(what + ": expected " + expected + " records and the end, found " + records
                                + " and " + in.remaining() + " bytes more");
                    }
                    return;
                }
                contents.replay(next.get());
                records++;
            }
            throw new Corrupt(what + ": expected a record at " + in.position() + ", found other bytes");
        }
    }

    /// Gathers records into large writes.
    private static final class Output {
        private final DiskFile file;
        private ByteWriter buffer = new ByteWriter(BUFFER_BYTES);
        private long at;
        private long records;

        Output(DiskFile file) {
            this.file = file;
        }

        void record(JournalRecord record) throws IOException {
            bytes(record.encode());
            records++;
        }

        void bytes(byte[] bytes) throws IOException {
            if (buffer.size() + bytes.length > BUFFER_BYTES) {
                flush();
            }
            buffer.bytes(bytes);
        }

        void flush() throws IOException {
            file.write(ByteBuffer.wrap(buffer.toBytes()), at);
            at += buffer.size();
            buffer = new ByteWriter(BUFFER_BYTES);
        }
    }
}
