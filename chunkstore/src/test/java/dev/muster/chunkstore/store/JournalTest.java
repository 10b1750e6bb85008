package dev.muster.chunkstore.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.muster.chunkstore.disk.FaultDisk;
import dev.muster.chunkstore.store.JournalRecord.Seal;
import dev.muster.protocol.MusterException.Corrupt;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class JournalTest {
    private static final Path DIR = Path.of("/journal");
    private static final Path LOG = DIR.resolve("00000001.log");
    private static final StoreId STORE = new StoreId(new UUID(1, 2));

    private final FaultDisk disk = new FaultDisk(1 << 20);
    private final List<Integer> ends = new ArrayList<>();

    /// Three batches, of 2, 1 and 3 records.
    @BeforeEach
    void write() throws IOException {
        disk.makeDirectory(DIR);
        Journal.create(disk, DIR, STORE);
        try (Journal journal = Journal.open(disk, DIR, STORE, 0, new Contents())) {
            for (List<JournalRecord> batch : List.<List<JournalRecord>>of(
                    List.of(new Seal(1), new Seal(2)),
                    List.of(new Seal(3)),
                    List.of(new Seal(4), new Seal(5), new Seal(6)))) {
                journal.append(batch);
                ends.add(Math.toIntExact(disk.open(LOG).size()));
            }
        }
    }

    @Test
    void whatIsNotWholeInTheLastBatchIsCutOff() throws IOException {
        byte[] whole = disk.read(LOG, 1 << 20);
        for (int length = ends.get(1); length < ends.get(2); length++) {
            disk.replace(LOG, Arrays.copyOf(whole, length));
            assertEquals(List.of(1, 2, 3), sealed().subList(0, 3));

            disk.replace(LOG, Arrays.copyOf(Arrays.copyOf(whole, length), whole.length + 50));
            assertEquals(List.of(1, 2, 3), sealed().subList(0, 3));
        }
    }

    @Test
    void aBitThatRotsBeforeTheLastBatchIsNoCrash() throws IOException {
        FaultDisk before = disk.copy();
        for (int bit = JournalHeader.BYTES * 8; bit < ends.get(1) * 8; bit++) {
            FaultDisk rotten = before.copy();
            StoredImages.flip(rotten, LOG, bit);

            Corrupt e = assertThrows(
                    Corrupt.class, () -> Journal.open(rotten, DIR, STORE, 0, new Contents()), "bit " + bit);

            assertTrue(e.getMessage().startsWith("00000001.log"), e.getMessage());
        }
    }

    private List<Integer> sealed() throws IOException {
        Contents contents = new Contents();
        Journal.open(disk.copy(), DIR, STORE, 0, contents).close();
        return java.util.stream.IntStream.rangeClosed(1, 6)
                .filter(contents::isSealed)
                .boxed()
                .toList();
    }
}
