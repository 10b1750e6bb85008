package dev.muster.chunkstore.volume;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.muster.chunkstore.disk.DiskFile;
import dev.muster.chunkstore.disk.FaultDisk;
import dev.muster.protocol.content.Block;
import dev.muster.protocol.content.ChunkId;
import dev.muster.protocol.content.ImageFixture;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// What is said to be on a target is there after the power was cut.
final class VolumeDurabilityTest {
    private static final Path TARGET = Path.of("/disk/target");

    private final ImageFixture one = ImageFixture.seeded(new SplittableRandom(12), 200);
    private final FaultDisk disk = new FaultDisk(256 << 20);
    private final VolumeHost host;

    VolumeDurabilityTest() throws IOException {
        disk.makeDirectory(TARGET.getParent());
        host = VolumeHost.open(disk, VolumeHost.ROOT, VolumeHost.targets(false), 16 * Block.BYTES);
    }

    @AfterEach
    void close() throws IOException {
        host.close();
    }

    @Test
    void aTargetIsFilledForGoodWhateverWasInTheStoreBefore() throws IOException {
        for (ChunkId id : one.chunkIds()) {
            host.store().put(VolumeHost.chunk(one, id));
        }
        host.fill(TARGET, one);

        for (int seed = 0; seed < 8; seed++) {
            VolumeHost.assertHolds(disk.afterPowerCut(new SplittableRandom(seed)), TARGET, one);
        }
    }

    @Test
    void aFileThatOnlyGrowsByZerosIsAsLongAfterAPowerCut() throws IOException {
        ByteBuffer longer = ByteBuffer.allocate(one.disk().limit() + 40 * Block.BYTES);
        longer.put(0, one.disk(), 0, one.disk().limit());
        ImageFixture grown = one.next(longer, _ -> false, 30);
        host.fill(TARGET, one);
        host.fetch(grown);
        host.convert(TARGET, grown, Undo.KEEP);

        for (int seed = 0; seed < 8; seed++) {
            FaultDisk after = disk.afterPowerCut(new SplittableRandom(seed));
            try (DiskFile file = after.open(TARGET)) {
                assertEquals(longer.capacity(), file.size());
            }
        }
    }
}
