package dev.muster.chunkstore.store;

import dev.muster.chunkstore.disk.Disk;
import dev.muster.chunkstore.disk.DiskFile;
import dev.muster.protocol.content.Block;
import dev.muster.protocol.content.ChunkId;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The end of the last segment, where records are appended. For one thread at a time.
///
/// What is appended is written, not durable: the committer sees to that, and gets what to force and to journal by
/// [Appended].
final class SegmentWriter implements Closeable {
    /// A segment reserves at most this part of what is free.
    private static final int FREE_SHARE = 16;

    private final Disk disk;
    private final Path directory;
    private final StoreId store;
    private final StoreSettings settings;
    private int last;
    private @Nullable Open open;

    /// @param last the number of the last segment there is, 0 if there is none
    SegmentWriter(Disk disk, Path directory, StoreId store, StoreSettings settings, int last) {
        this.disk = disk;
        this.directory = directory;
        this.store = store;
        this.settings = settings;
        this.last = last;
    }

    /// The segment that is being written.
    private static final class Open {
        private final DiskFile file;
        private final long blocksMax;
        private final List<SegmentFormat.Entry> entries;
        private int tail;

        Open(DiskFile file, long blocksMax, List<SegmentFormat.Entry> entries) {
            this.file = file;
            this.blocksMax = blocksMax;
            this.entries = new ArrayList<>(entries);
            this.tail = entries.stream()
                    .mapToInt(entry -> entry.place().end())
                    .max()
                    .orElse(1);
        }

        /// Whether there is room for the record and for the footer that will then be needed.
        boolean fits(SegmentRecord record) {
            return tail + record.blocks() + SegmentFormat.footerBlocks(entries.size() + 1) <= blocksMax;
        }
    }

    /// A record was written, or a segment got its footer.
    ///
    /// @param file to be forced before `record` is journaled
    /// @param done whether nothing more will be written to `file`
    record Appended(DiskFile file, JournalRecord record, boolean done) {}

    /// Goes on with the last segment, whose records are these; what lies behind them is free, up to the end of the
    /// file: no more was reserved.
    void resume(List<SegmentFormat.Entry> entries) throws IOException {
        DiskFile file = SegmentFormat.open(disk, directory, store, last);
        open = new Open(file, Math.min(file.size(), settings.segmentBytes()) / Block.BYTES, entries);
    }

    /// Ends the segment, if the record does not fit behind the last one.
    Optional<Appended> sealBefore(SegmentRecord record) throws IOException {
        Open segment = open;
        return segment == null || segment.fits(record) ? Optional.empty() : seal();
    }

    /// Ends the segment, if one is being written.
    Optional<Appended> seal() throws IOException {
        Open segment = open;
        if (segment == null) {
            return Optional.empty();
        }
        byte[] footer = SegmentFormat.encodeFooter(store, last, segment.tail, segment.entries);
        long at = (long) segment.tail * Block.BYTES;
        segment.file.write(ByteBuffer.wrap(footer), at);
        segment.file.truncate(at + footer.length);
        open = null;
        return Optional.of(new Appended(segment.file, new JournalRecord.Seal(last), true));
    }

    /// The number of the last segment, 0 if there is none.
    int last() {
        return last;
    }

    /// Writes a record behind the last one, or at the start of a new segment. After a failure nothing is there that
    /// counts.
    ///
    /// @param room how large a new segment may be
    /// @throws NoRoom if the disk has none
    Appended append(ChunkId id, SegmentRecord record, long room) throws IOException {
        Open segment = open == null ? begin(record, room) : open;
        open = segment;
        Place place = new Place(last, segment.tail, record.blocks());
        segment.file.write(record.at(place), place.offset());
        segment.tail = place.end();
        segment.entries.add(new SegmentFormat.Entry(id, place));
        return new Appended(segment.file, new JournalRecord.Put(id, place), false);
    }

    @Override
    public void close() throws IOException {
        if (open != null) {
            open.file.close();
        }
    }

    /// On a small disk segments are small, so that what is reserved for one is not missing elsewhere.
    private long size(long free) {
        long share = Math.max(StoreSettings.SEGMENT_BYTES_MIN, free / FREE_SHARE);
        return Math.min(Math.min(settings.segmentBytes(), share), free);
    }

    private Open begin(SegmentRecord first, long room) throws IOException {
        int number = last + 1;
        long free = disk.freeBytes(directory) - settings.quota().minFreeBytes();
        int least = 1 + first.blocks() + SegmentFormat.footerBlocks(1);
        if (free < (long) least * Block.BYTES) {
            throw new NoRoom(
                    (long) least * Block.BYTES - free,
                    "keeping " + settings.quota().minFreeBytes() + " bytes free (store.min-free)");
        }
        // Header and footer come on top of what records may take.
        long blocks = Math.max(least, Math.min(size(free), room) / Block.BYTES);
        Path path = directory.resolve(SegmentFormat.fileName(number));
        disk.replace(path, SegmentFormat.encodeHeader(store, number));
        DiskFile file = disk.open(path);
        try {
            file.allocate(blocks * Block.BYTES, false);
        } catch (IOException e) {
            file.close();
            disk.delete(path);
            throw e;
        }
        last = number;
        return new Open(file, blocks, List.of());
    }
}
