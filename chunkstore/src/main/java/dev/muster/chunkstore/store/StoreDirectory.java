package dev.muster.chunkstore.store;

import dev.muster.chunkstore.disk.Disk;
import dev.muster.protocol.MusterException.Corrupt;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/// The directory of a store: which one it is, and where its parts lie.
record StoreDirectory(Disk disk, Path root, StoreId id) {
    private static final String IDENTITY = "identity";
    private static final String SEGMENT_SUFFIX = ".seg";

    /// A new store where there is none, and else the one that is there.
    static StoreDirectory open(Disk disk, Path root) throws IOException {
        disk.makeDirectory(root);
        Path identity = root.resolve(IDENTITY);
        if (!disk.exists(identity)) {
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
        for (Path part : List.of(segments(), journal(), manifests(), refs())) {
            disk.makeDirectory(part);
        }
        disk.forceDirectory(segments());
        if (JournalHeader.Kind.LOG.numbers(disk.list(journal())).isEmpty()) {
            if (lastSegment() > 0) {
                throw new Corrupt(
                        "store " + root + ": expected a journal, found " + lastSegment() + " segments and none");
            }
            Journal.create(disk, journal(), id);
        }
    }

    Path segments() {
        return root.resolve("segments");
    }

    Path journal() {
        return root.resolve("journal");
    }

    Path manifests() {
        return root.resolve("manifests");
    }

    Path refs() {
        return root.resolve("refs");
    }

    /// The highest number of a segment, 0 if there is none.
    int lastSegment() throws IOException {
        return segmentNumbers().stream().mapToInt(number -> number).max().orElse(0);
    }

    /// The numbers of the segments that have a file.
    List<Integer> segmentNumbers() throws IOException {
        return disk.list(segments()).stream()
                .filter(name -> name.matches("[0-9]{8,}" + SEGMENT_SUFFIX))
                .map(name -> Integer.valueOf(name.substring(0, name.length() - SEGMENT_SUFFIX.length())))
                .toList();
    }
}
