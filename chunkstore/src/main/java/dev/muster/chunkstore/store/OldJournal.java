package dev.muster.chunkstore.store;

import dev.muster.chunkstore.store.Finding.Kind;
import dev.muster.chunkstore.store.JournalRecord.Put;
import dev.muster.chunkstore.store.JournalRecord.Seal;
import java.io.IOException;

/// What could still be read of the journal of a store that is rebuilt. It says nothing that is relied on: only which
/// chunks there were, and how high the numbers of segments went.
///
/// @param lastSegment the highest number that it knows, 0 if it knows none
record OldJournal(Contents contents, int lastSegment) {

    static OldJournal read(StoreDirectory directory, Findings findings) {
        Contents contents = new Contents();
        try {
            JournalReading.of(directory.disk(), directory.journal(), directory.id(), contents::replay);
        } catch (IOException e) {
            findings.add(Kind.JOURNAL, "journal", "journal", Findings.message(e));
        }
        int[] last = {0};
        contents.replayInto(record -> {
            if (record instanceof Put put) {
                last[0] = Math.max(last[0], put.place().segment());
            } else if (record instanceof Seal(int segment)) {
                last[0] = Math.max(last[0], segment);
            }
        });
        return new OldJournal(contents, last[0]);
    }

    /// Reports the chunks that there were and are not.
    void reportLost(ChunkIndex found, Findings findings) {
        contents.chunks().forEach((id, place) -> {
            if (!found.contains(id)) {
                findings.add(
                        Kind.CHUNK,
                        id.toString(),
                        PlaceCheck.where(place),
                        "expected its record, found none that is whole");
            }
        });
    }
}
