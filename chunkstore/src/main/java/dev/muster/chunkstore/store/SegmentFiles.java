package dev.muster.chunkstore.store;

import dev.muster.protocol.MusterException;
import dev.muster.protocol.MusterException.Corrupt;
import dev.muster.protocol.MusterException.StoreRefused;
import dev.muster.protocol.content.Block;
import dev.muster.protocol.content.Chunk;
import dev.muster.protocol.content.ChunkHeader;
import dev.muster.protocol.content.ChunkId;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/// Chunks in segments: appended at the end of the last one, read from any. For many threads; one writes at a time.
final class SegmentFiles implements Closeable {
    private static final int HEAD_BLOCKS_MAX = 3;

    private final StoreDirectory directory;
    private final Contents contents;
    private final CommitQueue queue;
    private final SegmentWriter writer;
    private final OpenSegments segments;
    private final ReentrantLock writing = new ReentrantLock();

    private SegmentFiles(StoreDirectory directory, Contents contents, CommitQueue queue, SegmentWriter writer) {
        this.directory = directory;
        this.contents = contents;
        this.queue = queue;
        this.writer = writer;
        this.segments = new OpenSegments(directory.disk(), directory.segments(), directory.id());
    }

    /// Goes on with the last segment, unless it is sealed.
    static SegmentFiles open(StoreDirectory directory, Contents contents, CommitQueue queue, StoreSettings settings)
            throws IOException {
        int last = directory.lastSegment();
        SegmentWriter writer =
                new SegmentWriter(directory.disk(), directory.segments(), directory.id(), settings, last);
        if (last > 0 && !contents.isSealed(last)) {
            writer.resume(contents.chunks().inSegment(last));
        }
        return new SegmentFiles(directory, contents, queue, writer);
    }

    /// Writes a chunk that is not here. It can be read when this returns.
    ///
    /// @throws StoreRefused if there is no room, or the disk fails; nothing has happened then
    void put(ChunkId id, Chunk chunk) throws IOException {
        SegmentRecord record = SegmentRecord.of(chunk);
        queue.awaitRoom(record.bytes());
        writing.lock();
        try {
            if (contents.chunks().contains(id)) {
                return;
            }
            Optional<SegmentWriter.Appended> sealed = writer.sealBefore(record);
            if (sealed.isPresent()) {
                queue.add(sealed.get());
            }
            queue.add(writer.append(id, record));
        } catch (MusterException e) {
            throw e;
        } catch (IOException e) {
            throw new StoreRefused(
                    "store " + directory.root() + ": expected room for " + record.bytes() + " bytes, found "
                            + directory.disk().freeBytes(directory.segments()) + " free: " + e.getMessage(),
                    e);
        } finally {
            writing.unlock();
        }
    }

    Optional<Chunk> chunk(ChunkId id) throws IOException {
        Optional<Place> found = contents.chunks().find(id);
        if (found.isEmpty()) {
            return Optional.empty();
        }
        Place place = found.get();
        return Optional.of(read(id, place, place.blocks(), bytes -> SegmentRecord.decode(id, place, bytes)));
    }

    Optional<ChunkHeader> header(ChunkId id) throws IOException {
        Optional<Place> found = contents.chunks().find(id);
        if (found.isEmpty()) {
            return Optional.empty();
        }
        Place place = found.get();
        int blocks = Math.min(HEAD_BLOCKS_MAX, place.blocks());
        return Optional.of(read(id, place, blocks, bytes -> SegmentRecord.header(id, place, bytes)));
    }

    @Override
    public void close() throws IOException {
        try (segments) {
            writer.close();
        }
    }

    @FunctionalInterface
    private interface Decoder<T> {
        T decode(ByteBuffer bytes) throws Corrupt;
    }

    /// A record that turns out to be damaged is forgotten: the chunk is not here any more, and may be put again.
    private <T> T read(ChunkId id, Place place, int blocks, Decoder<T> decoder) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(blocks * Block.BYTES);
        try {
            segments.read(place, bytes);
            return decoder.decode(bytes.flip());
        } catch (EOFException | NoSuchFileException e) {
            contents.chunks().remove(id, place);
            throw new Corrupt(
                    "record of chunk " + id + " in " + place + ": expected bytes, found none: " + e.getMessage(), e);
        } catch (Corrupt e) {
            contents.chunks().remove(id, place);
            throw e;
        }
    }
}
