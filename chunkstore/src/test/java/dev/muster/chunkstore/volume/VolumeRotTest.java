package dev.muster.chunkstore.volume;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.muster.chunkstore.Hushed;
import dev.muster.chunkstore.disk.DiskFile;
import dev.muster.chunkstore.disk.FaultDisk;
import dev.muster.protocol.MusterException.Corrupt;
import dev.muster.protocol.MusterException.TargetRefused;
import dev.muster.protocol.MusterException.Unreachable;
import dev.muster.protocol.content.Block;
import dev.muster.protocol.content.ChunkId;
import dev.muster.protocol.content.ImageFixture;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// Bits change anywhere: on the target, in the spill, in the stash, in what is known of the volume. Before, while and
/// after a target is converted. Nobody gets a wrong byte, and what is lost is fetched again.
@ExtendWith(Hushed.class)
final class VolumeRotTest {
    private static final Path TARGET = Path.of("/disk/target");
    private static final int SEEDS = Integer.getInteger("seeds", 25);
    private static final int FIRST_SEED = Integer.getInteger("seed", 1);

    @Test
    void noRottenBitReachesAnybody() {
        for (int seed = FIRST_SEED; seed < FIRST_SEED + SEEDS; seed++) {
            try {
                rot(new SplittableRandom(seed));
            } catch (IOException | RuntimeException | AssertionError e) {
                throw new AssertionError("seed " + seed + " (replay with -Dseed=" + seed + " -Dseeds=1)", e);
            }
        }
    }

    private static void rot(SplittableRandom random) throws IOException {
        List<ImageFixture> versions = Versions.of(random, 2, random.nextInt(30, 150));
        FaultDisk disk = new FaultDisk(64 << 20);
        disk.makeDirectory(TARGET.getParent());
        int window = 4096 << random.nextInt(6);
        try (VolumeHost host = open(disk, window)) {
            host.fill(TARGET, versions.getFirst());
            host.fetch(versions.getLast());
            disk.failAt(disk.operations() + 1 + random.nextInt(60));
            host.convert(TARGET, versions.getLast(), Undo.KEEP);
        } catch (IOException e) {
            assertTrue(e.toString().contains("failed"), e.toString());
        }
        disk.failAt(Integer.MAX_VALUE);
        for (int i = 0; i < 4; i++) {
            damage(disk, random);
            ImageFixture wanted = versions.get(random.nextInt(2));
            try (VolumeHost host = open(disk, window)) {
                for (ImageFixture image : versions) {
                    checkChunks(host, image);
                }
                settle(host, wanted);
                VolumeHost.assertHolds(disk, TARGET, wanted);
                // What the target did not need may be rotten still.
                checkChunks(host, wanted);
                host.fetch(wanted);
                host.assertWhole(wanted);
            }
        }
    }

    /// Until the target has that image: what the store has lost is fetched, and what is lost with the volume filled.
    private static void settle(VolumeHost host, ImageFixture wanted) throws IOException {
        for (int attempt = 0; ; attempt++) {
            try {
                host.fetch(wanted);
                Optional<Volume> volume = host.volumes().volume(TARGET);
                if (volume.isEmpty() || volume.get().state() instanceof Volume.Filling) {
                    host.fill(TARGET, wanted);
                } else {
                    host.convert(TARGET, wanted, Undo.KEEP);
                }
                return;
            } catch (Unreachable | Corrupt e) {
                assertTrue(attempt < 20, e.toString());
            } catch (TargetRefused e) {
                // Whatever lies there, it is not what is known of it.
                assertTrue(attempt < 20, e.toString());
                host.volumes().release(TARGET);
            }
        }
    }

    private static void checkChunks(VolumeHost host, ImageFixture image) throws IOException {
        for (ChunkId id : image.chunkIds()) {
            try {
                if (host.store().has(id)) {
                    host.assertRight(image, id);
                }
            } catch (Corrupt _) {
                assertTrue(!host.store().has(id), "what is rotten is not here");
            }
        }
    }

    private static void damage(FaultDisk disk, SplittableRandom random) throws IOException {
        List<Path> files = new ArrayList<>(List.of(TARGET));
        Path volumes = VolumeHost.ROOT.resolve("volumes");
        disk.list(volumes).forEach(name -> files.add(volumes.resolve(name)));
        Path segments = VolumeHost.ROOT.resolve("segments");
        disk.list(segments).forEach(name -> files.add(segments.resolve(name)));
        Path path = files.get(random.nextInt(files.size()));
        try (DiskFile file = disk.open(path)) {
            // A segment starts with a block that the store needs to open, and most of it is room.
            long first = path.startsWith(segments) ? Block.BYTES : 0;
            for (int bits = file.size() > first ? random.nextInt(1, 6) : 0; bits > 0; bits--) {
                long at = random.nextLong(first, Math.min(file.size(), 150L * Block.BYTES));
                ByteBuffer one = ByteBuffer.allocate(1);
                file.read(one, at);
                one.put(0, (byte) (one.get(0) ^ 1 << random.nextInt(8)));
                file.write(one.flip(), at);
            }
            file.force();
        }
    }

    private static VolumeHost open(FaultDisk disk, int window) throws IOException {
        return VolumeHost.open(disk, VolumeHost.ROOT, VolumeHost.targets(false), window);
    }
}
