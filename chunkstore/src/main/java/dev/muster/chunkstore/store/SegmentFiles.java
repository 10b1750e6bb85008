package dev.muster.chunkstore.store;

import dev.muster.chunkstore.codec.FrameCodec;
import dev.muster.chunkstore.disk.DiskFile;
import dev.muster.chunkstore.linux.LinuxException;
import dev.muster.protocol.MusterException;
import dev.muster.protocol.MusterException.Corrupt;
import dev.muster.protocol.MusterException.StoreRefused;
import dev.muster.protocol.content.Block;
import dev.muster.protocol.content.Chunk;
import dev.muster.protocol.content.ChunkHeader;
import dev.muster.protocol.content.ChunkId;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.locks.ReentrantLock;

/// Chunks in segments: appended at the end of the last one, read from any. For many threads; one writes at a time.
final class SegmentFiles implements Closeable {
    /// How much memory for records stays when nobody writes, 1 MiB each.
    private static final int MEMORIES_MAX = 8;

    private final StoreDirectory directory;
    private final Contents contents;
    private final CommitQueue queue;
    private final SegmentWriter writer;
    private final StoreSettings settings;
    private final FrameCodec codec;
    private final OpenSegments segments;
    private final Readers readers = new Readers();
    private final BlockingQueue<ByteBuffer> memories = new ArrayBlockingQueue<>(MEMORIES_MAX);
    private final ReentrantLock writing = new ReentrantLock();
    private volatile Elsewhere elsewhere = Elsewhere.NONE;

    private SegmentFiles(
            StoreDirectory directory,
            Contents contents,
            CommitQueue queue,
            SegmentWriter writer,
            StoreSettings settings,
            FrameCodec codec) {
        this.directory = directory;
        this.contents = contents;
        this.queue = queue;
        this.writer = writer;
        this.settings = settings;
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
            List<SegmentFormat.Entry> entries = contents.chunks().inSegment(last);
            // What is condemned there is not given back before the segment is sealed, and nothing may lie there.
            contents.condemned()
                    .tailMap(Place.first(last))
                    .forEach((place, id) -> entries.add(new SegmentFormat.Entry(id, place)));
            writer.resume(entries);
        }
        return new SegmentFiles(directory, contents, queue, writer, settings, codec);
    }

    /// Writes a chunk that is not here. It can be read when this returns.
    ///
    /// @throws NoRoom if there is none; nothing has happened then
    /// @throws StoreRefused if the disk fails
    void put(ChunkId id, Chunk chunk) throws IOException {
        try (Elsewhere.Taken taken = elsewhere.take(chunk)) {
            List<DiskFile> files = taken.files();
            if (files.isEmpty()) {
                withRecord(chunk, record -> put(id, record, files));
            } else {
                put(id, SegmentRecord.elsewhere(chunk.header()), files);
            }
        }
    }

    private void put(ChunkId id, SegmentRecord record, List<DiskFile> files) throws IOException {
        queue.awaitRoom(record.bytes());
        writing.lock();
        try {
            if (!contents.chunks().contains(id)) {
                append(id, record, files);
            }
        } finally {
            writing.unlock();
        }
    }

    /// Who keeps what does not lie here, from now on.
    void attach(Elsewhere other) {
        elsewhere = other;
    }

    /// Writes a chunk with its blocks, also in place of a record that has none.
    ///
    /// @throws NoRoom if there is none; nothing has happened then
    /// @throws StoreRefused if the disk fails
    void keep(Chunk chunk) throws IOException {
        withRecord(chunk, record -> replace(chunk.id(), record, false));
    }

    /// Writes the header of a chunk whose blocks lie elsewhere, durably, also in place of a record that has them.
    ///
    /// @throws NoRoom if there is none; nothing has happened then
    /// @throws StoreRefused if the disk fails
    void keepElsewhere(ChunkHeader header) throws IOException {
        replace(header.id(), SegmentRecord.elsewhere(header), true);
    }

    /// The chunk is not here any more.
    void forget(ChunkId id) {
        contents.chunks().find(id).ifPresent(place -> queue.condemn(id, place));
    }

    @FunctionalInterface
    private interface Writing {
        void write(SegmentRecord record) throws IOException;
    }

    /// Makes the record of a chunk in memory that is used again after it is written.
    private void withRecord(Chunk chunk, Writing writing) throws IOException {
        Chunk kept = switch (settings.payload()) {
            case ZSTD -> chunk;
            case RAW -> codec.plain(chunk);
        };
        ByteBuffer idle = memories.poll();
        ByteBuffer memory = idle == null ? SegmentRecord.memory() : idle;
        try {
            writing.write(SegmentRecord.of(kept, memory));
        } finally {
            boolean _ = memories.offer(memory);
        }
    }

    /// @param here whether a record of the chunk that has its blocks is replaced, or one that has not
    private void replace(ChunkId id, SegmentRecord record, boolean here) throws IOException {
        queue.awaitRoom(record.bytes());
        writing.lock();
        try {
            Optional<Held> held = held(id);
            if (held.isEmpty() || held.get().here() == here) {
                append(id, record);
            }
        } catch (Corrupt _) {
            // What was there is forgotten by now.
            append(id, record);
        } finally {
            writing.unlock();
        }
    }

    /// Writes a chunk that has this place once more, at the end; its place is there from now on. Nothing happens if it
    /// has another place by now.
    void move(ChunkId id, Place place) throws IOException {
        Found found = look(id, place);
        SegmentRecord record =
                found.chunk.map(SegmentRecord::of).orElseGet(() -> SegmentRecord.elsewhere(found.header));
        queue.awaitRoom(record.bytes());
        writing.lock();
        try {
            if (contents.chunks().find(id).filter(place::equals).isPresent()) {
                append(id, record);
            }
        } finally {
            writing.unlock();
        }
    }

    /// Nothing will be appended to any segment that there is now; it is sealed when what is queued is durable.
    void seal() throws IOException {
        writing.lock();
        try {
            Optional<SegmentWriter.Appended> sealed = writer.seal();
            if (sealed.isPresent()) {
                queue.add(sealed.get(), List.of());
            }
        } finally {
            writing.unlock();
        }
    }

    /// The number of the last segment, 0 if there is none.
    int last() {
        writing.lock();
        try {
            return writer.last();
        } finally {
            writing.unlock();
        }
    }

    Quota quota() {
        return settings.quota();
    }

    /// The segments as files.
    OpenSegments files() {
        return segments;
    }

    /// Who is in the middle of reading a record.
    Readers readers() {
        return readers;
    }

    Optional<Chunk> chunk(ChunkId id) throws IOException {
        Optional<Found> found = find(id, place -> look(id, place));
        if (found.isEmpty() || found.get().chunk.isPresent()) {
            return found.flatMap(Found::chunk);
        }
        try {
            return elsewhere.chunk(id, found.get().header);
        } catch (Corrupt e) {
            queue.condemn(id, found.get().place);
            throw e;
        }
    }

    /// The chunk, if its blocks lie in a segment.
    Optional<Chunk> chunkHere(ChunkId id) throws IOException {
        return find(id, place -> look(id, place)).flatMap(Found::chunk);
    }

    Optional<Held> held(ChunkId id) throws IOException {
        return find(id, place -> read(id, place, headBlocks(place), bytes -> SegmentRecord.held(id, place, bytes)));
    }

    /// What a record holds.
    ///
    /// @param chunk nothing, if its blocks lie elsewhere
    private record Found(Place place, ChunkHeader header, Optional<Chunk> chunk) {}

    private Found look(ChunkId id, Place place) throws IOException {
        return read(id, place, place.blocks(), bytes -> {
            Held held = SegmentRecord.held(id, place, bytes);
            Optional<Chunk> chunk =
                    held.here() ? Optional.of(SegmentRecord.decode(id, place, bytes)) : Optional.empty();
            return new Found(place, held.header(), chunk);
        });
    }

    Optional<ChunkHeader> header(ChunkId id) throws IOException {
        return find(id, place -> read(id, place, headBlocks(place), bytes -> SegmentRecord.header(id, place, bytes)));
    }

    /// What is plain is durable when this returns.
    List<Presence> presence(List<ChunkId> ids) throws IOException {
        List<Presence> all = new ArrayList<>(ids.size());
        boolean plain = false;
        for (ChunkId id : ids) {
            Presence presence = find(id, place -> presence(id, place)).orElse(Presence.ABSENT);
            plain |= presence instanceof Presence.Plain;
            all.add(presence);
        }
        if (plain) {
            queue.flush();
        }
        return all;
    }

    private Presence presence(ChunkId id, Place place) throws IOException {
        // Only the head of a record says what it holds, and reading all of them takes long on a slow disk.
        if (settings.payload() == StoreSettings.Payload.ZSTD) {
            return Presence.FRAMES;
        }
        OptionalLong offset = read(id, place, headBlocks(place), bytes -> SegmentRecord.plainOffset(id, place, bytes));
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

    @FunctionalInterface
    private interface Reading<T> {
        T at(Place place) throws IOException;
    }

    private static int headBlocks(Place place) {
        return Math.min(SegmentRecord.HEAD_BLOCKS_MAX, place.blocks());
    }

    /// Looks a chunk up and reads it, so that its place is not given back between the two.
    private <T> Optional<T> find(ChunkId id, Reading<T> reading) throws IOException {
        int entered = readers.enter();
        try {
            Optional<Place> place = contents.chunks().find(id);
            return place.isPresent() ? Optional.of(reading.at(place.get())) : Optional.empty();
        } finally {
            readers.leave(entered);
        }
    }

    /// A record that turns out to be damaged is condemned: the chunk is not here any more, and may be put again.
    private <T> T read(ChunkId id, Place place, int blocks, Decoder<T> decoder) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(blocks * Block.BYTES);
        try {
            segments.read(id, place, bytes);
            return decoder.decode(bytes.flip());
        } catch (Corrupt e) {
            queue.condemn(id, place);
            throw e;
        }
    }

    private void append(ChunkId id, SegmentRecord record) throws IOException {
        append(id, record, List.of());
    }

    /// @param required what the record relies on, and is forced before it is journaled
    private void append(ChunkId id, SegmentRecord record, List<DiskFile> required) throws IOException {
        long room = settings.quota().room(contents.use().usedBytes());
        try {
            if (room < record.bytes()) {
                throw new NoRoom(record.bytes(), "store.max-size is used up");
            }
            Optional<SegmentWriter.Appended> sealed = writer.sealBefore(record);
            if (sealed.isPresent()) {
                queue.add(sealed.get(), List.of());
            }
            queue.add(writer.append(id, record, room), required);
        } catch (MusterException | NoRoom e) {
            throw e;
        } catch (IOException e) {
            throw LinuxException.isDiskFull(e)
                    ? new NoRoom(record.bytes(), String.valueOf(e.getMessage()))
                    : refused(record, e);
        }
    }

    private StoreRefused refused(SegmentRecord record, IOException e) throws IOException {
        return new StoreRefused(
                "store " + directory.root() + ": expected to write " + record.bytes() + " bytes, found " + freeBytes()
                        + " free: " + e.getMessage(),
                e);
    }

    private long freeBytes() throws IOException {
        return directory.disk().freeBytes(directory.segments());
    }
}
