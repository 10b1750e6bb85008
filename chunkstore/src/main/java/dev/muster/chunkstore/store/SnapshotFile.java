package dev.muster.chunkstore.store;

import dev.muster.chunkstore.disk.Disk;
import dev.muster.chunkstore.disk.DiskFile;
import dev.muster.chunkstore.store.Contents.RecordSink;
import dev.muster.chunkstore.store.JournalRecord.End;
import dev.muster.chunkstore.store.JournalRecord.Put;
import dev.muster.protocol.MusterException.Corrupt;
import dev.muster.protocol.codec.ByteWriter;
import dev.muster.protocol.content.ChunkId;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/// What all logs before one say, in the fewest records, so that they need not be kept and read.
final class SnapshotFile {
    private static final int BUFFER_BYTES = 1 << 20;

    private SnapshotFile() {}

    /// Puts a snapshot in place, whole or not at all.
    static void write(Disk disk, Path directory, JournalHeader header, Contents contents) throws IOException {
        disk.replace(directory.resolve(header.fileName()), file -> {
            Output out = new Output(file);
            out.bytes(header.encode());
            contents.replayInto(out::record);
            out.end();
        });
    }

    /// @throws Corrupt if it is not whole: a snapshot is in place only when it is
    static void read(Disk disk, Path directory, JournalHeader header, RecordSink<Corrupt> out) throws IOException {
        String what = header.fileName();
        try (DiskFile file = disk.open(directory.resolve(what))) {
            header.check(file);
            RecordReader in = new RecordReader(what, file, JournalHeader.BYTES);
            for (long frames = 0; in.next(); frames++) {
                if (in.type() == JournalFrame.PUTS) {
                    in.puts(out);
                } else if (in.record() instanceof End(long expected)) {
                    if (expected != frames || in.remaining() != 0) {
                        throw new Corrupt(what + ": expected " + expected + " records and the end, found " + frames
                                + " and " + in.remaining() + " bytes more");
                    }
                    return;
                } else {
                    out.accept(in.record());
                }
            }
            throw new Corrupt(what + ": expected a record at " + in.position() + ", found other bytes");
        }
    }

    /// Gathers PUTs into one frame, and frames into large writes.
    private static final class Output {
        private final DiskFile file;
        private ByteWriter buffer = new ByteWriter(BUFFER_BYTES);
        private ByteWriter puts = new ByteWriter(JournalFrame.BODY_MAX);
        private long at;
        private long frames;

        Output(DiskFile file) {
            this.file = file;
        }

        void record(JournalRecord record) throws IOException {
            if (record instanceof Put(ChunkId id, Place place)) {
                JournalFrame.writePut(puts, id, place);
                if (puts.size() == JournalFrame.PUTS_MAX * JournalFrame.PUT_BYTES) {
                    writePuts();
                }
            } else {
                writePuts();
                frame(record.encode());
            }
        }

        /// The last record.
        void end() throws IOException {
            writePuts();
            frame(new End(frames).encode());
            flush();
        }

        void bytes(byte[] bytes) throws IOException {
            if (buffer.size() + bytes.length > BUFFER_BYTES) {
                flush();
            }
            buffer.bytes(bytes);
        }

        private void writePuts() throws IOException {
            if (puts.size() > 0) {
                frame(JournalFrame.encode(JournalFrame.PUTS, puts.toBytes()));
                puts = new ByteWriter(JournalFrame.BODY_MAX);
            }
        }

        private void frame(byte[] frame) throws IOException {
            bytes(frame);
            frames++;
        }

        private void flush() throws IOException {
            file.write(ByteBuffer.wrap(buffer.toBytes()), at);
            at += buffer.size();
            buffer = new ByteWriter(BUFFER_BYTES);
        }
    }
}
