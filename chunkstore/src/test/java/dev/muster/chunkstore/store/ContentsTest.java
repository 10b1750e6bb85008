package dev.muster.chunkstore.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.muster.chunkstore.store.JournalRecord.End;
import dev.muster.chunkstore.store.JournalRecord.Install;
import dev.muster.chunkstore.store.JournalRecord.Put;
import dev.muster.chunkstore.store.JournalRecord.Seal;
import dev.muster.protocol.MusterException.Corrupt;
import dev.muster.protocol.content.ChunkId;
import dev.muster.protocol.content.Hash;
import dev.muster.protocol.content.ManifestId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class ContentsTest {
    private final Contents contents = new Contents();
    private final Put put = new Put(new ChunkId(new Hash(1, 2, 3, 4)), new Place(1, 1, 3));

    @Test
    void whatIsPendingCanBeFoundAndIsInNoSnapshot() {
        contents.written(put);

        assertEquals(Optional.of(put.place()), contents.chunks().find(put.id()));
        assertEquals(List.of(), snapshot());

        contents.committed(put);
        assertEquals(List.of(put), snapshot());
    }

    @Test
    void whatIsLostIsNotThere() {
        contents.written(put);
        contents.lost(put);

        assertEquals(Optional.empty(), contents.chunks().find(put.id()));
        assertEquals(List.of(), snapshot());
    }

    @Test
    void theLastPlaceOfAChunkCounts() throws Corrupt {
        Put later = new Put(put.id(), new Place(2, 9, 3));
        contents.replay(put);
        contents.replay(later);
        contents.chunks().remove(put.id(), put.place());

        assertEquals(List.of(later), snapshot());
    }

    @Test
    void aSnapshotSaysEverythingOnceAndInOrder() throws Corrupt {
        Install install = new Install(new ManifestId(new Hash(5, 6, 7, 8)));
        for (JournalRecord record : List.of(put, new Seal(2), install, new Seal(1), new Seal(2), install)) {
            contents.replay(record);
        }

        assertEquals(List.of(new Seal(1), new Seal(2), install, put), snapshot());
        assertThrows(Corrupt.class, () -> contents.replay(new End(4)), "an end is for snapshots alone");
    }

    private List<JournalRecord> snapshot() {
        List<JournalRecord> records = new ArrayList<>();
        contents.replayInto(records::add);
        return records;
    }
}
