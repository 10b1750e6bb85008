package dev.muster.chunkstore.store;

import dev.muster.chunkstore.disk.Disk;
import dev.muster.chunkstore.disk.DiskFile;
import dev.muster.chunkstore.store.JournalHeader.Kind;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Which store the files in a directory are of: what `identity` says, unless it is damaged, or not one other file says
/// the same; then what most of the others say.
///
/// @param identityProblem what is wrong with `identity`
record StoreOwner(StoreId id, Optional<String> identityProblem) {

    /// @return an id that no store has, if no file says anything
    static StoreOwner find(Disk disk, Path root) throws IOException {
        Optional<StoreId> majority = Optional.empty();
        Map<StoreId, Integer> votes = votes(new StoreDirectory(disk, root, StoreId.random()));
        if (!votes.isEmpty()) {
            majority = votes.entrySet().stream()
                    .max(Comparator.comparingInt(Map.Entry::getValue))
                    .map(Map.Entry::getKey);
        }
        Path file = root.resolve(StoreDirectory.IDENTITY);
        if (!disk.exists(file)) {
            return new StoreOwner(
                    majority.orElseGet(StoreId::random),
                    Optional.of("expected " + StoreId.FILE_BYTES + " bytes, found no such file"));
        }
        try {
            StoreId id = StoreId.decode(disk.read(file, StoreId.FILE_BYTES));
            if (votes.isEmpty() || votes.containsKey(id)) {
                return new StoreOwner(id, Optional.empty());
            }
            return new StoreOwner(
                    majority.orElse(id),
                    Optional.of("expected store " + majority.orElse(id) + " like the other files, found store " + id));
        } catch (IOException e) {
            return new StoreOwner(majority.orElseGet(StoreId::random), Optional.of(Findings.message(e)));
        }
    }

    /// How many segments, logs and snapshots say that they are of which store.
    private static Map<StoreId, Integer> votes(StoreDirectory directory) throws IOException {
        Map<StoreId, Integer> votes = new HashMap<>();
        for (int segment : directory.segmentNumbers()) {
            Path path = directory.segments().resolve(SegmentFormat.fileName(segment));
            try (DiskFile file = directory.disk().open(path)) {
                votes.merge(SegmentFormat.readHeader(segment, file).store(), 1, Integer::sum);
            } catch (IOException _) {
                // It has no vote.
            }
        }
        List<String> names = directory.names(directory.journal());
        for (Kind kind : Kind.values()) {
            for (int number : kind.numbers(names)) {
                try (DiskFile file = directory.disk().open(directory.journal().resolve(kind.fileName(number)))) {
                    JournalHeader.owner(kind, file).ifPresent(id -> votes.merge(id, 1, Integer::sum));
                }
            }
        }
        return votes;
    }
}
