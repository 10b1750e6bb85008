package dev.muster.chunkstore.store;

import dev.muster.chunkstore.codec.FrameCodec;
import dev.muster.chunkstore.disk.DiskFile;
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
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.locks.ReentrantLock;

/// Chunks in segments: appended at the end of the last one, read from any. For many threads; one writes at a time.
final class SegmentFiles implements Closeable {
    private final StoreDirectory directory;
    private final Contents contents;
    private final CommitQueue queue;
    private final SegmentWriter writer;
    private final StoreSettings.Payload payload;
    private final FrameCodec codec;
    private final OpenSegments segments;
    private final ReentrantLock writing = new ReentrantLock();
    private volatile Elsewhere elsewhere = Elsewhere.NONE;

    private SegmentFiles(
            StoreDirectory directory,
            Contents contents,
            CommitQueue queue,
            SegmentWriter writer,
            StoreSettings.Payload payload,
            FrameCodec codec) {
        this.directory = directory;
        this.contents = contents;
        this.queue = queue;
        this.writer = writer;
        this.payload = payload;
        this.codec = codec;
        this.segments = new OpenSegments(directory.disk(), directory.segments(), directory.id());
    }

    /// Goes on with the last segment, unless it is sealed.
    static SegmentFiles open(
            StoreDirectory directory, Contents contents, CommitQueue queue, StoreSettings settings, FrameCodec codec)
            throws IOException {
        int last = directory.lastSegment();
        SegmentWriter writer =
                new SegmentWriter(directory.disk(), directory.segments(), directory.id(), settings, last);
        if (last > 0 && !contents.isSealed(last)) {
            List<SegmentFormat.Entry> entries = new ArrayList<>();
            for (var chunk : contents.chunks().entries()) {
                if (chunk.getValue().segment() == last) {
                    entries.add(new SegmentFormat.Entry(chunk.getKey(), chunk.getValue()));
                }
            }
            writer.resume(entries);
        }
        return new SegmentFiles(directory, contents, queue, writer, settings.payload(), codec);
    }

    /// Who keeps what does not lie here, from now on.
    void attach(Elsewhere other) {
        elsewhere = other;
    }

    /// Writes a chunk that is not here. It can be read when this returns.
    ///
    /// @throws StoreRefused if there is no room, or the disk fails; nothing has happened then
    void put(ChunkId id, Chunk chunk) throws IOException {
        List<DiskFile> taken = elsewhere.take(chunk);
        if (taken.isEmpty()) {
            append(id, record(chunk), taken, false);
        } else {
            append(id, SegmentRecord.elsewhere(chunk.header()), taken, false);
        }
    }

    /// Writes a chunk with its blocks, in place of a record that has none.
    void keep(ChunkId id, Chunk chunk) throws IOException {
        if (!isHere(id)) {
            append(id, record(chunk), List.of(), true);
        }
    }

    /// Writes the header of a chunk whose blocks lie elsewhere, durably, in place of a record that has them.
    void keepElsewhere(ChunkId id, ChunkHeader header) throws IOException {
        if (!contents.chunks().contains(id) || isHere(id)) {
            append(id, SegmentRecord.elsewhere(header), List.of(), true);
        }
    }

    private SegmentRecord record(Chunk chunk) throws Corrupt {
        return SegmentRecord.of(
                switch (payload) {
                    case ZSTD -> chunk;
                    case RAW -> codec.plain(chunk);
                });
    }

    /// @param before what is to be durable before the record counts
    /// @param replaces whether it takes the place of a record that the chunk has
    private void append(ChunkId id, SegmentRecord record, List<DiskFile> before, boolean replaces) throws IOException {
        queue.awaitRoom(record.bytes());
        writing.lock();
        try {
            if (!replaces && contents.chunks().contains(id)) {
                return;
            }
            Optional<SegmentWriter.Appended> sealed = writer.sealBefore(record);
            if (sealed.isPresent()) {
                queue.add(sealed.get());
            }
            SegmentWriter.Appended appended = writer.append(id, record);
            before.forEach(queue::require);
            queue.add(appended);
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
        if (mayBeElsewhere(place)) {
            Held held = held(id, place);
            if (!held.here()) {
                return fromElsewhere(id, place, held.header());
            }
        }
        return Optional.of(read(id, place, place.blocks(), bytes -> SegmentRecord.decode(id, place, bytes)));
    }

    /// The chunk, if its blocks lie in a segment.
    Optional<Chunk> chunkHere(ChunkId id) throws IOException {
        Optional<Place> found = contents.chunks().find(id);
        if (found.isEmpty()
                || (mayBeElsewhere(found.get()) && !held(id, found.get()).here())) {
            return Optional.empty();
        }
        Place place = found.get();
        return Optional.of(read(id, place, place.blocks(), bytes -> SegmentRecord.decode(id, place, bytes)));
    }

    /// Whether its blocks lie in a segment, by a record that is right.
    private boolean isHere(ChunkId id) throws IOException {
        try {
            Optional<Held> held = held(id);
            return held.isPresent() && held.get().here();
        } catch (Corrupt _) {
            // It is forgotten by now.
            return false;
        }
    }

    /// Only a record that is no longer than a head can be without a payload.
    private static boolean mayBeElsewhere(Place place) {
        return place.blocks() <= SegmentRecord.HEAD_BLOCKS_MAX;
    }

    Optional<Held> held(ChunkId id) throws IOException {
        Optional<Place> found = contents.chunks().find(id);
        return found.isEmpty() ? Optional.empty() : Optional.of(held(id, found.get()));
    }

    private Held held(ChunkId id, Place place) throws IOException {
        int blocks = Math.min(SegmentRecord.HEAD_BLOCKS_MAX, place.blocks());
        return read(id, place, blocks, bytes -> SegmentRecord.held(id, place, bytes));
    }

    private Optional<Chunk> fromElsewhere(ChunkId id, Place place, ChunkHeader header) throws IOException {
        try {
            return elsewhere.chunk(id, header);
        } catch (Corrupt e) {
            contents.chunks().remove(id, place);
            throw e;
        }
    }

    /// The chunks are not here any more, durably once everything added before is.
    void forget(Collection<ChunkId> ids) throws StoreRefused {
        writing.lock();
        try {
            for (ChunkId id : ids) {
                Optional<Place> found = contents.chunks().find(id);
                if (found.isPresent()) {
                    contents.chunks().remove(id, found.get());
                    queue.add(new JournalRecord.Free(id, found.get()));
                }
            }
        } finally {
            writing.unlock();
        }
    }

    Optional<ChunkHeader> header(ChunkId id) throws IOException {
        Optional<Place> found = contents.chunks().find(id);
        if (found.isEmpty()) {
            return Optional.empty();
        }
        Place place = found.get();
        int blocks = Math.min(SegmentRecord.HEAD_BLOCKS_MAX, place.blocks());
        return Optional.of(read(id, place, blocks, bytes -> SegmentRecord.header(id, place, bytes)));
    }

    /// What is plain is durable when this returns.
    List<Presence> presence(List<ChunkId> ids) throws IOException {
        List<Presence> all = new ArrayList<>(ids.size());
        boolean plain = false;
        for (ChunkId id : ids) {
            Optional<Place> found = contents.chunks().find(id);
            Presence presence = found.isEmpty() ? Presence.ABSENT : presence(id, found.get());
            plain |= presence instanceof Presence.Plain;
            all.add(presence);
        }
        if (plain) {
            queue.flush();
        }
        return all;
    }

    private Presence presence(ChunkId id, Place place) throws IOException {
        int blocks = Math.min(SegmentRecord.HEAD_BLOCKS_MAX, place.blocks());
        OptionalLong offset = read(id, place, blocks, bytes -> SegmentRecord.plainOffset(id, place, bytes));
        Path file = directory.segments().resolve(SegmentFormat.fileName(place.segment()));
        return offset.isPresent() ? new Presence.Plain(file.toAbsolutePath(), offset.getAsLong()) : Presence.FRAMES;
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
