package dev.muster.chunkstore.store;

import dev.muster.chunkstore.Progress;
import dev.muster.chunkstore.store.JournalRecord.Free;
import dev.muster.protocol.MusterException.Corrupt;
import dev.muster.protocol.content.ChunkId;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/// Gives the room of condemned places back to the disk. For one thread at a time; nobody who reads or writes
/// waits for it.
///
/// A place is given back only
/// 1. when its segment is sealed, durably, so that nothing is ever appended over it,
/// 2. when its CONDEMN is durable, so that no crash brings back a chunk without its bytes,
/// 3. and when everybody who may have found it in the index has left.
///
/// A segment in which nothing counts any more is deleted, and others are punched. What has been punched is forgotten
/// only when it is durable: until then each snapshot says CONDEMN, and it is punched again after a crash. The last
/// segment is never deleted, so that no number, and with it no place, comes back.
///
/// Where the file system cannot punch, what is left of segments of which most is condemned is written to the end once
/// more, so that they can be deleted.
final class Reclaimer {
    /// A segment is written once more when less than one part in so many of it counts.
    private static final int SPARSE = 4;

    private final StoreDirectory directory;
    private final Contents contents;
    private final CommitQueue queue;
    private final SegmentFiles segments;
    private final Punching punching;

    Reclaimer(StoreDirectory directory, Contents contents, CommitQueue queue, SegmentFiles segments) {
        this.directory = directory;
        this.contents = contents;
        this.queue = queue;
        this.segments = segments;
        this.punching = new Punching(segments.files());
    }

    /// Gives back all that is condemned at this moment.
    void reclaim(Progress progress) throws IOException {
        List<Place> due = List.copyOf(contents.condemned().keySet());
        Set<Integer> dead = deadSegments();
        if (due.isEmpty() && dead.isEmpty()) {
            return;
        }
        int last = segments.last();
        if (due.stream().anyMatch(place -> place.segment() == last)) {
            segments.seal();
        }
        queue.flush();
        segments.readers().await();
        delete(dead);
        due.stream().filter(place -> dead.contains(place.segment())).forEach(place -> progress.advance(place.bytes()));
        if (punching.isPossible()) {
            for (Place place : punching.punch(due.stream()
                    .filter(place -> !dead.contains(place.segment()))
                    .toList())) {
                contents.punched(place);
                progress.advance(place.bytes());
            }
        }
    }

    /// As [#reclaim], and makes up for a file system that cannot punch.
    void reclaimSparse(Progress progress) throws IOException {
        reclaim(progress);
        if (!punching.isPossible() && rewriteSparse()) {
            reclaim(progress);
        }
    }

    /// Segments of which no record counts; nothing will be appended to them.
    private Set<Integer> deadSegments() throws IOException {
        int last = segments.last();
        return directory.segmentNumbers().stream()
                .filter(number -> number < last && contents.use().live(number) == 0)
                .collect(Collectors.toSet());
    }

    private void delete(Set<Integer> dead) throws IOException {
        for (int number : dead) {
            segments.files().delete(number);
            queue.add(new Free(number));
        }
    }

    /// @return whether there was anything to write
    private boolean rewriteSparse() throws IOException {
        int last = segments.last();
        Set<Integer> sparse = new HashSet<>();
        for (int number : directory.segmentNumbers()) {
            long live = contents.use().live(number);
            long condemned = contents.condemnedIn(number).keySet().stream()
                    .mapToLong(Place::bytes)
                    .sum();
            if (number < last && live * SPARSE < live + condemned) {
                sparse.add(number);
            }
        }
        boolean any = false;
        try {
            for (var entry : contents.chunks().entries()) {
                if (sparse.contains(entry.getValue().segment())) {
                    moveIfWhole(entry.getKey(), entry.getValue());
                    any = true;
                }
            }
        } catch (NoRoom _) {
            // What was moved so far may be enough to delete a segment.
        }
        // A place is condemned as soon as the chunk has another that is durable.
        queue.flush();
        return any;
    }

    private void moveIfWhole(ChunkId id, Place place) throws IOException {
        try {
            segments.move(id, place);
        } catch (Corrupt _) {
            // It is condemned by now.
        }
    }
}
