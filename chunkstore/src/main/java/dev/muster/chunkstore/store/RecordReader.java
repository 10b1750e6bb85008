package dev.muster.chunkstore.store;

import dev.muster.chunkstore.disk.DiskFile;
import dev.muster.chunkstore.store.Contents.RecordSink;
import dev.muster.chunkstore.store.JournalRecord.Put;
import dev.muster.protocol.MusterException.Corrupt;
import dev.muster.protocol.codec.ByteReader;
import dev.muster.protocol.content.ChunkId;
import dev.muster.protocol.content.Hash;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/// Reads a journal file or a snapshot, frame by frame, as far as it is whole. For one thread.
final class RecordReader {
    private static final int BUFFER_BYTES = 1 << 20;

    private final String what;
    private final DiskFile file;
    private final long size;
    private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    private ByteBuffer frame = ByteBuffer.allocate(0);
    private long position;

    /// @param what the file, for messages
    /// @param from where the first frame starts
    RecordReader(String what, DiskFile file, long from) throws IOException {
        this.what = what;
        this.file = file;
        this.size = file.size();
        this.position = from;
        buffer.limit(0);
    }

    /// Where the next frame starts; after a [#next] that found none, where what is whole ends.
    long position() {
        return position;
    }

    /// How many bytes lie behind [#position].
    long remaining() {
        return size - position;
    }

    /// Goes to the next frame.
    ///
    /// @return false at the end and where the bytes are no frame with a right checksum
    boolean next() throws IOException {
        if (!fill(JournalFrame.EXTRA_BYTES)) {
            return false;
        }
        int length = Short.toUnsignedInt(buffer.getShort(buffer.position())) + JournalFrame.EXTRA_BYTES;
        if (!fill(length)) {
            return false;
        }
        frame = buffer.slice(buffer.position(), length);
        if (!Checksum.isRight(frame)) {
            return false;
        }
        buffer.position(buffer.position() + length);
        position += length;
        return true;
    }

    int type() {
        return Byte.toUnsignedInt(frame.get(2));
    }

    /// What the frame says, if it is a [JournalRecord].
    ///
    /// @throws Corrupt if its meaning is unknown: no crash leaves that
    JournalRecord record() throws Corrupt {
        return JournalRecord.decode(name(), frame);
    }

    /// The body of a frame that is none.
    ByteReader body() {
        int length = frame.capacity() - JournalFrame.EXTRA_BYTES;
        return new ByteReader(name(), frame.slice(JournalFrame.HEAD_BYTES, length));
    }

    /// Hands on the PUTs of a frame that holds many. There may be millions, and who opens a store waits for them: they
    /// are read where they are.
    void puts(RecordSink<Corrupt> out) throws Corrupt {
        int length = frame.capacity() - JournalFrame.EXTRA_BYTES;
        if (length % JournalFrame.PUT_BYTES != 0) {
            throw new Corrupt(name() + ": expected PUTs of 42 bytes, found " + length + " bytes");
        }
        ByteBuffer hashes = frame.duplicate().order(ByteOrder.BIG_ENDIAN);
        ByteBuffer places = frame.duplicate().order(ByteOrder.LITTLE_ENDIAN);
        int end = JournalFrame.HEAD_BYTES + length;
        for (int at = JournalFrame.HEAD_BYTES; at < end; at += JournalFrame.PUT_BYTES) {
            Hash id = new Hash(
                    hashes.getLong(at), hashes.getLong(at + 8), hashes.getLong(at + 16), hashes.getLong(at + 24));
            int segment = places.getInt(at + 32);
            int block = places.getInt(at + 36);
            int blocks = Short.toUnsignedInt(places.getShort(at + 40));
            if (!Place.isPlace(segment, block, blocks)) {
                throw new Corrupt(name() + ": expected a place, found segment " + segment + " block " + block + ", "
                        + blocks + " blocks");
            }
            out.accept(new Put(new ChunkId(id), new Place(segment, block, blocks)));
        }
    }

    /// Where the frame starts.
    long start() {
        return position - frame.capacity();
    }

    /// Whether anything behind [#position] was written after all before it was durable: then no crash explains that
    /// no frame is found there.
    boolean goesOn() throws IOException {
        int batchBytes = JournalFrame.BATCH_BYTES + JournalFrame.EXTRA_BYTES;
        for (long at = position; at + batchBytes <= size; at += BUFFER_BYTES - batchBytes + 1) {
            ByteBuffer bytes = ByteBuffer.allocate((int) Math.min(BUFFER_BYTES, size - at));
            file.read(bytes, at);
            for (int i = 0; i + batchBytes <= bytes.capacity(); i++) {
                if (bytes.get(i + 2) == JournalFrame.BATCH && JournalFrame.isBatch(bytes, i, at + i)) {
                    return true;
                }
            }
        }
        return false;
    }

    private String name() {
        return what + " at " + start();
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
