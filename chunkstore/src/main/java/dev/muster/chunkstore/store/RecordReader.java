package dev.muster.chunkstore.store;

import dev.muster.chunkstore.disk.DiskFile;
import dev.muster.protocol.MusterException.Corrupt;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;

/// Reads a journal file or a snapshot, record by record, as far as it is whole. For one thread.
final class RecordReader {
    private static final int BUFFER_BYTES = 1 << 20;
    private static final int FRAME_BYTES = JournalRecord.HEAD_BYTES + Checksum.BYTES;

    private final String what;
    private final DiskFile file;
    private final long size;
    private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    private long position;

    /// @param what the file, for messages
    /// @param from where the first record starts
    RecordReader(String what, DiskFile file, long from) throws IOException {
        this.what = what;
        this.file = file;
        this.size = file.size();
        this.position = from;
        buffer.limit(0);
    }

    /// Where the next record starts; after an empty [#next], where what is whole ends.
    long position() {
        return position;
    }

    /// How many bytes lie behind [#position].
    long remaining() {
        return size - position;
    }

    /// The next record, or empty at the end and where the bytes are no record with a right checksum.
    ///
    /// @throws Corrupt for a record whose checksum is right and whose meaning is unknown: no crash leaves that
    Optional<JournalRecord> next() throws IOException {
        if (!fill(FRAME_BYTES)) {
            return Optional.empty();
        }
        int body = Short.toUnsignedInt(buffer.getShort(buffer.position()));
        int length = body + FRAME_BYTES;
        if (body > JournalRecord.BODY_MAX || !fill(length)) {
            return Optional.empty();
        }
        ByteBuffer bytes = buffer.slice(buffer.position(), length);
        if (!Checksum.isRight(bytes)) {
            return Optional.empty();
        }
        JournalRecord record = JournalRecord.decode(what + " at " + position, bytes);
        buffer.position(buffer.position() + length);
        position += length;
        return Optional.of(record);
    }

    /// Makes at least `bytes` bytes readable in the buffer, if the file has them.
    private boolean fill(int bytes) throws IOException {
        if (buffer.remaining() >= bytes) {
            return true;
        }
        if (remaining() < bytes) {
            return false;
        }
        buffer.clear().limit((int) Math.min(BUFFER_BYTES, remaining()));
        file.read(buffer, position);
        buffer.flip();
        return true;
    }
}
