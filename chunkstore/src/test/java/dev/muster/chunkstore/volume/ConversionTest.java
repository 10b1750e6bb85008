package dev.muster.chunkstore.volume;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.muster.chunkstore.Progress;
import dev.muster.chunkstore.disk.Disk;
import dev.muster.chunkstore.disk.DiskFile;
import dev.muster.chunkstore.disk.FaultDisk;
import dev.muster.chunkstore.store.Goal;
import dev.muster.protocol.content.ImageFixture;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

final class ConversionTest {
    private static final Path TARGET = Path.of("/disk/target");
    private static final int SEEDS = Integer.getInteger("seeds", 20);
    private static final int FIRST_SEED = Integer.getInteger("seed", 1);

    @Test
    void anyVersionBecomesTheNextAndIsHadBack() {
        for (int seed = FIRST_SEED; seed < FIRST_SEED + SEEDS; seed++) {
            try {
                thereAndBack(new SplittableRandom(seed));
            } catch (IOException | RuntimeException | AssertionError e) {
                throw new AssertionError("seed " + seed + " (replay with -Dseed=" + seed + " -Dseeds=1)", e);
            }
        }
    }

    private static void thereAndBack(SplittableRandom random) throws IOException {
        List<ImageFixture> versions = Versions.of(random, 2, random.nextInt(30, 300));
        ImageFixture one = versions.getFirst();
        ImageFixture two = versions.getLast();
        Disk disk = new FaultDisk(256 << 20);
        disk.makeDirectory(TARGET.getParent());
        int window = 4096 << random.nextInt(9);
        try (VolumeHost host = VolumeHost.open(disk, VolumeHost.ROOT, VolumeHost.targets(false), window)) {
            host.fill(TARGET, one);
            VolumeHost.assertHolds(disk, TARGET, one);
            host.assertWhole(one);

            host.fetch(two);
            host.convert(TARGET, two, Undo.KEEP);
            VolumeHost.assertHolds(disk, TARGET, two);
            host.assertWhole(one);
            host.assertWhole(two);
            assertEquals(
                    new Volume.Whole(
                            two.manifest().id(), Optional.of(one.manifest().id())),
                    host.volume(TARGET).state());

            host.store().collect(Goal.ALL, Progress.NONE);
            assertEquals(0, host.fetch(one), "no network for the way back");
            host.convert(TARGET, one, Undo.KEEP);
            VolumeHost.assertHolds(disk, TARGET, one);
            host.store().collect(Goal.ALL, Progress.NONE);
            host.assertWhole(one);
            host.assertWhole(two);
        }
        try (VolumeHost host = VolumeHost.open(disk, VolumeHost.ROOT, VolumeHost.targets(false), window);
                DiskFile file = disk.open(TARGET)) {
            host.assertWhole(one);
            host.assertWhole(two);
            assertEquals(one.disk().limit(), file.size());
        }
    }
}
