package dev.muster.chunkstore.volume;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.muster.chunkstore.Progress;
import dev.muster.chunkstore.assemble.LoopDevice;
import dev.muster.chunkstore.disk.Disk;
import dev.muster.chunkstore.disk.DiskFile;
import dev.muster.chunkstore.disk.FaultDisk;
import dev.muster.chunkstore.disk.LocalDisk;
import dev.muster.chunkstore.pack.Packed;
import dev.muster.chunkstore.pack.Packing;
import dev.muster.protocol.content.Block;
import dev.muster.protocol.content.ChunkEntry;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A host whose disk has room for 1.2 times the image, for target and store together, runs the first version,
/// goes to the second, in which two fifths of the blocks lie elsewhere and a few are new, and back, without a
/// network.
final class RoomTest {
    private static final int MIB_BLOCKS = 256;

    @TempDir
    private Path dir;

    private final SplittableRandom random = new SplittableRandom(8);

    @Test
    void aFifthMoreThanTheImageIsRoomEnough() throws IOException {
        int blocks = 40 * MIB_BLOCKS;
        Disk disk = new FaultDisk(blocks * (long) Block.BYTES * 12 / 10);
        disk.makeDirectory(Path.of("/disk"));
        Tools tools = new Tools(VolumeHost.CODEC, Runnable::run, 1, 64 * Block.BYTES);
        try (VolumeHost host = VolumeHost.open(disk, Path.of("/disk/store"), VolumeHost.targets(false), tools)) {
            thereAndBack(host, disk, Path.of("/disk/target"), blocks);
        }
    }

    @Test
    @Tag("long")
    @Timeout(value = 10, unit = TimeUnit.MINUTES)
    void aFileSystemOfAFifthMoreThanTheImageIsRoomEnough() throws IOException {
        int mib = 320;
        Path mountPoint = Files.createDirectory(dir.resolve("disk"));
        assumeTrue(
                LoopDevice.run(
                        "mount", "-t", "tmpfs", "-o", "size=" + mib * 12 / 10 + "m", "muster", mountPoint.toString()),
                "needs to mount tmpfs");
        try (ExecutorService threads = Executors.newFixedThreadPool(2)) {
            Disk disk = new LocalDisk();
            Tools tools = new Tools(VolumeHost.CODEC, threads, 4, 4 << 20);
            try (VolumeHost host = VolumeHost.open(disk, mountPoint.resolve("store"), Targets.ofThisHost(), tools)) {
                thereAndBack(host, disk, mountPoint.resolve("target"), mib * MIB_BLOCKS);
            }
        } finally {
            assertTrue(LoopDevice.run("umount", mountPoint.toString()));
        }
    }

    private void thereAndBack(VolumeHost host, Disk disk, Path target, int blocks) throws IOException {
        byte[] bytes = new byte[blocks * Block.BYTES];
        random.nextBytes(bytes);
        ByteBuffer first = ByteBuffer.wrap(bytes);
        ByteBuffer second = edited(first, blocks);
        try (Packing publisher = new Packing(2)) {
            Packed one = publisher.pack(first);
            Packed two = publisher.pack(second, one);

            putManifest(host, one);
            try (Fill fill = host.volumes().fill(target, one.manifest(), host.store(), Progress.NONE)) {
                assertEquals(one.manifest().chunks().size(), fetch(host, one, publisher));
                fill.finish(Progress.NONE);
            }
            assertHolds(disk, target, first);

            putManifest(host, two);
            assertTrue(fetch(host, two, publisher) <= blocks / MIB_BLOCKS / 10, "a few new chunks");
            convert(host, target, two);
            assertHolds(disk, target, second);

            assertEquals(0, fetch(host, one, publisher), "no network");
            convert(host, target, one);
            assertHolds(disk, target, first);
            assertEquals(0, fetch(host, two, publisher), "nor for the next time");
        }
    }

    private static void convert(VolumeHost host, Path target, Packed image) throws IOException {
        try (Conversion conversion = host.volumes().convert(target, image.manifest(), Progress.NONE)) {
            conversion.run(Undo.KEEP, Progress.NONE);
        }
    }

    private static void putManifest(VolumeHost host, Packed image) throws IOException {
        host.store().putHead(image.manifest().head().encode());
        for (byte[] page : image.encoded().pages().values()) {
            host.store().putPage(page);
        }
    }

    private static int fetch(VolumeHost host, Packed image, Packing publisher) throws IOException {
        int missing = 0;
        for (ChunkEntry chunk : image.manifest().chunks()) {
            if (!host.store().has(chunk.id())) {
                host.store().put(publisher.store().chunk(chunk.id()).orElseThrow());
                missing++;
            }
        }
        host.store().install(image.manifest());
        return missing;
    }

    private static void assertHolds(Disk disk, Path target, ByteBuffer bytes) throws IOException {
        try (DiskFile file = disk.open(target)) {
            ByteBuffer found = ByteBuffer.allocate(bytes.capacity());
            file.read(found, 0);
            assertEquals(-1, bytes.mismatch(found.flip()), "first wrong byte");
        }
    }

    /// Two fifths of the disk are turned round by an odd number of blocks, and one block in a hundred is new.
    private ByteBuffer edited(ByteBuffer disk, int blocks) {
        ByteBuffer edited =
                ByteBuffer.allocate(disk.capacity()).put(disk.duplicate()).flip();
        int turned = blocks * 2 / 5;
        for (int i = 0; i < turned; i++) {
            edited.put((i + 1237) % turned * Block.BYTES, disk, i * Block.BYTES, Block.BYTES);
        }
        for (int i = 0; i < blocks / 100 / 4; i++) {
            byte[] fresh = new byte[4 * Block.BYTES];
            random.nextBytes(fresh);
            edited.put(random.nextInt(blocks - 4) * Block.BYTES, fresh);
        }
        return edited;
    }
}
