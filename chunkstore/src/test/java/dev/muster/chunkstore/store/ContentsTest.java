package dev.muster.chunkstore.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.muster.chunkstore.store.JournalRecord.Condemn;
import dev.muster.chunkstore.store.JournalRecord.End;
import dev.muster.chunkstore.store.JournalRecord.Free;
import dev.muster.chunkstore.store.JournalRecord.Install;
import dev.muster.chunkstore.store.JournalRecord.Leased;
import dev.muster.chunkstore.store.JournalRecord.Put;
import dev.muster.chunkstore.store.JournalRecord.Remove;
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
        contents.announced(put);

        assertEquals(Optional.of(put.place()), contents.chunks().find(put.id()));
        assertEquals(List.of(), snapshot());

        contents.committed(put);
        assertEquals(List.of(put), snapshot());
    }

    @Test
    void whatIsLostIsNotThere() {
        contents.announced(put);
        contents.lost(put);

        assertEquals(Optional.empty(), contents.chunks().find(put.id()));
        assertEquals(List.of(), snapshot());
    }

    @Test
    void theLastPlaceOfAChunkCountsAndTheOneBeforeIsCondemned() throws Corrupt {
        Put later = new Put(put.id(), new Place(2, 9, 3));
        contents.replay(put);
        contents.replay(later);

        assertEquals(List.of(later, new Condemn(put.id(), put.place())), snapshot());
        assertEquals(2L * put.place().bytes(), contents.use().usedBytes());
        assertEquals(later.place().bytes(), contents.use().liveBytes());
        assertEquals(0, contents.use().live(1));

        contents.punched(put.place());
        assertEquals(List.of(later), snapshot());
        assertEquals(put.place().bytes(), contents.use().usedBytes());
    }

    @Test
    void aChunkThatMovesIsWhereItWasUntilItsNewPlaceIsDurable() {
        Put later = new Put(put.id(), new Place(2, 9, 3));
        contents.announced(put);
        contents.committed(put);
        contents.announced(later);

        assertEquals(Optional.of(later.place()), contents.chunks().find(put.id()));
        assertEquals(List.of(put), snapshot());

        contents.committed(later);
        assertEquals(List.of(later, new Condemn(put.id(), put.place())), snapshot());
    }

    @Test
    void aChunkThatMovesTwiceIsWhereItIsDurable() {
        Put second = new Put(put.id(), new Place(2, 9, 3));
        Put third = new Put(put.id(), new Place(3, 9, 3));
        contents.announced(put);
        contents.announced(second);
        contents.announced(third);
        assertEquals(List.of(), snapshot());

        contents.committed(put);
        assertEquals(List.of(put), snapshot());
        contents.committed(second);
        assertEquals(List.of(second, new Condemn(put.id(), put.place())), snapshot());
        contents.lost(third);
        assertEquals(Optional.of(second.place()), contents.chunks().find(put.id()));
        assertEquals(2L * put.place().bytes(), contents.use().usedBytes());
    }

    @Test
    void aChunkWhoseMoveIsLostIsWhereItWas() {
        Put later = new Put(put.id(), new Place(2, 9, 3));
        contents.announced(put);
        contents.committed(put);
        contents.announced(later);
        contents.lost(later);

        assertEquals(Optional.of(put.place()), contents.chunks().find(put.id()));
        assertEquals(List.of(put), snapshot());
        assertEquals(put.place().bytes(), contents.use().liveBytes());
    }

    @Test
    void whatIsCondemnedIsNotFoundAndStaysInSnapshotsUntilItIsPunched() {
        Condemn condemn = new Condemn(put.id(), put.place());
        contents.announced(put);
        contents.announced(condemn);
        assertEquals(Optional.empty(), contents.chunks().find(put.id()));
        assertEquals(List.of(), snapshot(), "neither is durable");

        contents.committed(put);
        contents.committed(condemn);
        assertEquals(List.of(condemn), snapshot());
        assertEquals(put.place().bytes(), contents.use().usedBytes());

        contents.punched(put.place());
        assertEquals(List.of(), snapshot());
        assertEquals(0, contents.use().usedBytes());
    }

    @Test
    void aChunkThatWasPutAgainIsNotCondemnedWithItsOldPlace() throws Corrupt {
        Put again = new Put(put.id(), new Place(3, 1, 3));
        for (JournalRecord record : List.of(put, new Condemn(put.id(), put.place()), again)) {
            contents.replay(record);
        }
        contents.replay(new Condemn(put.id(), put.place()));

        assertEquals(Optional.of(again.place()), contents.chunks().find(put.id()));
        assertEquals(again.place().bytes(), contents.use().liveBytes());
    }

    @Test
    void nothingIsSaidOfASegmentThatIsGone() throws Corrupt {
        contents.replay(put);
        contents.replay(new Seal(1));
        contents.replay(new Seal(2));
        contents.replay(new Condemn(put.id(), put.place()));
        contents.replay(new Free(1));

        assertEquals(List.of(new Seal(2)), snapshot());
        assertEquals(0, contents.use().usedBytes());
    }

    @Test
    void theLastTermOfALeaseCountsAndNoneEndsIt() throws Corrupt {
        ManifestId image = new ManifestId(new Hash(5, 6, 7, 8));
        contents.replay(new Leased(image, 10));
        contents.replay(new Leased(image, 20));
        assertEquals(List.of(new Leased(image, 20)), snapshot());

        contents.replay(new Leased(image, 0));
        assertEquals(List.of(), snapshot());
    }

    @Test
    void aSnapshotSaysEverythingOnceAndInOrder() throws Corrupt {
        Install first = new Install(new ManifestId(new Hash(5, 6, 7, 8)));
        Install second = new Install(new ManifestId(new Hash(1, 2, 3, 4)));
        Install third = new Install(new ManifestId(new Hash(2, 2, 3, 4)));
        for (JournalRecord record : List.of(put, new Seal(2), first, new Seal(1), third, second, new Seal(2), first)) {
            contents.replay(record);
        }
        contents.replay(new Remove(third.id()));

        assertEquals(List.of(new Seal(1), new Seal(2), first, second, put), snapshot(), "images as they came");
        assertThrows(Corrupt.class, () -> contents.replay(new End(4)), "an end is for snapshots alone");
    }

    private List<JournalRecord> snapshot() {
        List<JournalRecord> records = new ArrayList<>();
        contents.replayInto(records::add);
        return records;
    }
}
