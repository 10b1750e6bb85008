package dev.muster.chunkstore.store;

import dev.muster.chunkstore.disk.Disk;
import dev.muster.protocol.MusterException.Corrupt;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/// The directory of a store: which one it is, and where its parts lie.
record StoreDirectory(Disk disk, Path root, StoreId id) {
    static final String IDENTITY = "identity";
    private static final String JOURNAL = "journal";
    private static final String SEGMENT_SUFFIX = ".seg";

    /// A new store where there is none, and else the one that is there.
    ///
    /// @throws Corrupt if the store has no identity, or a damaged one
    static StoreDirectory open(Disk disk, Path root) throws IOException {
        disk.makeDirectory(root);
        Path identity = root.resolve(IDENTITY);
        if (!disk.exists(identity)) {
            if (disk.exists(root.resolve(JOURNAL))) {
                throw new Corrupt("store identity: expected 32 bytes, found no such file");
            }
            disk.replace(identity, StoreId.random().encode());
        }
        // A process that was killed may have left a name that is not durable yet.
        disk.forceDirectory(root);
        return new StoreDirectory(disk, root, StoreId.decode(disk.read(identity, StoreId.FILE_BYTES)));
    }

    /// Makes what a new store lacks. The identity comes first and the first log last, so that a store which was
    /// being made when the power failed is a new store still.
    ///
    /// @throws Corrupt if there are segments and no journal
    void prepare() throws IOException {
        for (Path part : parts()) {
            if (!disk.exists(part)) {
                disk.makeDirectory(part);
            }
        }
        disk.forceDirectory(segments());
        if (JournalHeader.Kind.LOG.numbers(disk.list(journal())).isEmpty()) {
            if (lastSegment() > 0) {
                throw new Corrupt("journal: expected a log, found " + lastSegment() + " segments and none");
            }
            Journal.create(disk, journal(), id);
        }
    }

    List<Path> parts() {
        return List.of(segments(), journal(), manifests(), refs());
    }

    Path segments() {
        return root.resolve("segments");
    }

    Path journal() {
        return root.resolve(JOURNAL);
    }

    Path manifests() {
        return root.resolve("manifests");
    }

    Path refs() {
        return root.resolve("refs");
    }

    /// The highest number of a segment, 0 if there is none.
    int lastSegment() throws IOException {
        List<Integer> numbers = segmentNumbers();
        return numbers.isEmpty() ? 0 : numbers.getLast();
    }

    /// The numbers of all segments, in order.
    List<Integer> segmentNumbers() throws IOException {
        return names(segments()).stream()
                .filter(name -> name.matches("[0-9]{8,9}" + SEGMENT_SUFFIX))
                .map(name -> Integer.valueOf(name.substring(0, name.length() - SEGMENT_SUFFIX.length())))
                .sorted()
                .toList();
    }

    /// The names in a directory of this store, none if it is not there.
    List<String> names(Path part) throws IOException {
        return disk.exists(part) ? disk.list(part) : List.of();
    }

    /// A file's name for people: its path within the store.
    String name(Path file) {
        return root.relativize(file).toString();
    }
}
