package dev.muster.chunkstore.store;

import dev.muster.chunkstore.disk.LocalDisk;
import dev.muster.chunkstore.store.JournalHeader.Kind;
import dev.muster.chunkstore.store.JournalRecord.Put;
import dev.muster.chunkstore.store.JournalRecord.Seal;
import dev.muster.protocol.content.ChunkId;
import dev.muster.protocol.content.Hash;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/// The directory of a large store without its chunks, to see how long it takes to open: journal and manifest files are
/// as a store writes them, segments are headers and holes.
final class FabricatedStore {
    private static final int CHUNKS_PER_SEGMENT = 1000;
    private static final int RECORD_BLOCKS = 65;
    private static final int RECORDS_PER_BATCH = 64;
    private static final int CHUNKS_PER_MANIFEST_FILE = 500;

    private final LocalDisk disk = new LocalDisk();
    private final StoreDirectory directory;
    private final int chunks;

    FabricatedStore(Path root, int chunks) throws IOException {
        this.directory = StoreDirectory.open(disk, root);
        this.chunks = chunks;
        directory.prepare();
        for (int segment = 1; segment <= segments(); segment++) {
            Path file = directory.segments().resolve(SegmentFormat.fileName(segment));
            Files.write(file, SegmentFormat.encodeHeader(directory.id(), segment));
            try (RandomAccessFile whole = new RandomAccessFile(file.toFile(), "rw")) {
                whole.setLength(256 << 20);
            }
        }
        for (int i = 0; i < chunks / CHUNKS_PER_MANIFEST_FILE; i++) {
            byte[] bytes = {(byte) i, (byte) (i >> 8)};
            String hex = Hash.of(bytes).hex();
            Path part = Files.createDirectories(directory.manifests().resolve(hex.substring(0, 2)));
            Files.write(part.resolve(hex), bytes);
        }
    }

    int segments() {
        return Math.ceilDiv(chunks, CHUNKS_PER_SEGMENT);
    }

    /// As after a clean stop: everything in a snapshot.
    void stopCleanly() throws IOException {
        Contents contents = new Contents();
        for (JournalRecord record : records(0, chunks)) {
            contents.replay(record);
        }
        SnapshotFile.write(disk, directory.journal(), new JournalHeader(Kind.SNAPSHOT, 2, directory.id()), contents);
        JournalHeader log = new JournalHeader(Kind.LOG, 2, directory.id());
        disk.replace(directory.journal().resolve(log.fileName()), log.encode());
    }

    /// As after a crash without any snapshot before: everything in logs, in batches.
    void crash() throws IOException {
        Path path = directory.journal().resolve(new JournalHeader(Kind.LOG, 1, directory.id()).fileName());
        try (JournalLog log = JournalLog.open(disk, path, 1, JournalHeader.BYTES, 0)) {
            for (int from = 0; from < chunks; from += RECORDS_PER_BATCH) {
                log.append(records(from, Math.min(chunks, from + RECORDS_PER_BATCH)));
            }
        }
    }

    private List<JournalRecord> records(int from, int to) {
        List<JournalRecord> records = new ArrayList<>();
        for (int i = from; i < to; i++) {
            Place place =
                    new Place(1 + i / CHUNKS_PER_SEGMENT, 1 + i % CHUNKS_PER_SEGMENT * RECORD_BLOCKS, RECORD_BLOCKS);
            records.add(new Put(id(i), place));
            if (i % CHUNKS_PER_SEGMENT == CHUNKS_PER_SEGMENT - 1) {
                records.add(new Seal(place.segment()));
            }
        }
        return records;
    }

    static ChunkId id(int i) {
        SplittableRandom random = new SplittableRandom(i);
        return new ChunkId(new Hash(random.nextLong(), random.nextLong(), random.nextLong(), random.nextLong()));
    }
}
