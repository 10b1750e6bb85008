package dev.muster.chunkstore.store;

import dev.muster.chunkstore.disk.Disk;
import dev.muster.chunkstore.disk.DiskFile;
import dev.muster.protocol.MusterException.Corrupt;
import dev.muster.protocol.content.ChunkId;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;

/// Segments open for reading, at most [#OPEN_MAX] besides those that are being read at the moment; the one that was
/// used least lately is closed first. A segment of another store is refused. A first block that is damaged costs
/// nothing: every record says itself where it was meant to lie. For many threads.
final class OpenSegments implements Closeable {
    private static final int OPEN_MAX = 256;

    private final Disk disk;
    private final Path directory;
    private final StoreId store;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<Integer, Segment> open = new LinkedHashMap<>(16, 0.75f, true);

    OpenSegments(Disk disk, Path directory, StoreId store) {
        this.disk = disk;
        this.directory = directory;
        this.store = store;
    }

    /// Fills `out` from the place of a chunk on.
    ///
    /// @throws Corrupt if the disk cannot give these bytes
    void read(ChunkId id, Place place, ByteBuffer out) throws IOException {
        try {
            Segment segment = acquire(place.segment());
            try {
                segment.file.read(out, place.offset());
            } finally {
                release(segment);
            }
        } catch (NoSuchFileException e) {
            throw unreadable(id, place, e);
        } catch (ClosedChannelException | FileSystemException e) {
            // That says nothing of the bytes: there are too many open files, or the store is closed.
            throw e;
        } catch (IOException e) {
            throw unreadable(id, place, e);
        }
    }

    /// Gives back the room of these bytes of a segment.
    ///
    /// @return false where the file system cannot
    boolean punch(int number, long at, long bytes) throws IOException {
        Segment segment = acquire(number);
        try {
            return segment.file.punch(at, bytes);
        } finally {
            release(segment);
        }
    }

    /// What was punched stays so.
    void force(int number) throws IOException {
        Segment segment = acquire(number);
        try {
            segment.file.force();
        } finally {
            release(segment);
        }
    }

    /// Deletes a segment that nobody reads any more, if it is there.
    void delete(int number) throws IOException {
        lock.lock();
        try {
            Segment segment = open.remove(number);
            if (segment != null) {
                segment.file.close();
            }
            disk.delete(directory.resolve(SegmentFormat.fileName(number)));
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() throws IOException {
        lock.lock();
        try {
            for (Segment segment : open.values()) {
                segment.file.close();
            }
            open.clear();
        } finally {
            lock.unlock();
        }
    }

    private static Corrupt unreadable(ChunkId id, Place place, IOException e) {
        return new Corrupt("record of chunk " + id + " in " + place + ": " + Findings.message(e), e);
    }

    private Segment acquire(int number) throws IOException {
        lock.lock();
        try {
            Segment segment = open.get(number);
            if (segment == null) {
                segment = new Segment(open(number));
                open.put(number, segment);
                closeIdle();
            }
            segment.readers++;
            return segment;
        } finally {
            lock.unlock();
        }
    }

    private DiskFile open(int number) throws IOException {
        DiskFile file = disk.open(directory.resolve(SegmentFormat.fileName(number)));
        SegmentFormat.Header expected = new SegmentFormat.Header(store, number);
        SegmentFormat.Header found;
        try {
            found = SegmentFormat.readHeader(number, file);
        } catch (IOException _) {
            // A scrub says so, and writes it anew.
            return file;
        }
        if (!found.equals(expected)) {
            file.close();
            throw new Corrupt("segment " + number + ": expected " + expected + ", found " + found);
        }
        return file;
    }

    private void release(Segment segment) {
        lock.lock();
        try {
            segment.readers--;
        } finally {
            lock.unlock();
        }
    }

    private void closeIdle() throws IOException {
        if (open.size() <= OPEN_MAX) {
            return;
        }
        List<Integer> numbers = new ArrayList<>(open.keySet());
        for (int number : numbers.subList(0, numbers.size() - OPEN_MAX)) {
            Segment segment = open.get(number);
            if (segment != null && segment.readers == 0) {
                segment.file.close();
                open.remove(number);
            }
        }
    }

    private static final class Segment {
        private final DiskFile file;
        private int readers;

        Segment(DiskFile file) {
            this.file = file;
        }
    }
}
