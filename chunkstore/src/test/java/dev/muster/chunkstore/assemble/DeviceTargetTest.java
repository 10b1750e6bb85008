package dev.muster.chunkstore.assemble;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.muster.chunkstore.Progress;
import dev.muster.chunkstore.codec.FrameCodec;
import dev.muster.chunkstore.linux.LinuxException;
import dev.muster.chunkstore.linux.LinuxFile;
import dev.muster.chunkstore.store.MemoryChunkStore;
import dev.muster.chunkstore.store.RandomImage;
import dev.muster.protocol.MusterException.TargetRefused;
import dev.muster.protocol.content.Block;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DeviceTargetTest {
    private static final int DEVICE_BYTES = 16 << 20;

    @TempDir
    private Path dir;

    private final SplittableRandom random = new SplittableRandom(7);
    private final RandomImage image = RandomImage.ofBlocks(random, 3000, 100);
    private final ExecutorService threads = Executors.newFixedThreadPool(2);
    private final FrameCodec codec = new FrameCodec();
    private final Assembler assembler = new Assembler(codec, threads, 3);

    @AfterEach
    void close() {
        threads.close();
        codec.close();
    }

    @Test
    void whatIsRightIsKeptAndZerosAreWrittenOnlyOverOtherBytes() throws IOException {
        MemoryChunkStore store = new MemoryChunkStore();
        image.installInto(store);
        byte[] before = new byte[DEVICE_BYTES];
        random.nextBytes(before);
        byte[] after = before.clone();
        System.arraycopy(image.bytes(), 0, after, 0, image.length());
        Path file = Files.write(dir.resolve("disk"), before);
        try (LoopDevice device = LoopDevice.on(file, DEVICE_BYTES)) {
            AssembleReport first = assemble(store, device.path());
            AssembleReport second = assemble(store, device.path());
            assertEquals(0, first.keptBytes());
            assertEquals(image.length(), first.writtenBytes() + first.zeroBytes());
            assertEquals(new AssembleReport(0, 0, image.length(), 0), second);
            assertEquals(
                    new Verdict.Same(image.length()),
                    new Verifier(threads, 2).verify(image.manifest(), store, device.path(), Progress.NONE));
        }
        assertArrayEquals(after, Files.readAllBytes(file), "what lies behind the image is as it was");
    }

    @Test
    void onlyChangedBlocksAreWrittenAgain() throws IOException {
        MemoryChunkStore store = new MemoryChunkStore();
        image.installInto(store);
        byte[] bytes = Arrays.copyOf(image.bytes(), DEVICE_BYTES);
        bytes[0] ^= 1;
        bytes[image.length() / 2] ^= 1;
        try (LoopDevice device = LoopDevice.on(Files.write(dir.resolve("disk"), bytes), DEVICE_BYTES)) {
            AssembleReport report = assemble(store, device.path());

            assertEquals(2 * Block.BYTES, report.writtenBytes() + report.zeroBytes());
            assertEquals(
                    new Verdict.Same(image.length()),
                    new Verifier(threads, 2).verify(image.manifest(), store, device.path(), Progress.NONE));
        }
    }

    @Test
    void holesGiveTheirRoomBackAndZerosKeepIt() throws IOException {
        byte[] before = new byte[DEVICE_BYTES];
        random.nextBytes(before);
        Path file = Files.write(dir.resolve("disk"), before);
        try (LoopDevice device = LoopDevice.on(file, DEVICE_BYTES)) {
            try (Target target = Target.open(device.path(), DEVICE_BYTES)) {
                target.zero(1 << 20, 2 << 20, true);
                target.zero(4 << 20, 1 << 20, false);
                target.zero(8 << 20, 512, false);
                target.flush(Progress.NONE);
                target.commit();
            }
            Arrays.fill(before, 1 << 20, 3 << 20, (byte) 0);
            Arrays.fill(before, 4 << 20, 5 << 20, (byte) 0);
            Arrays.fill(before, 8 << 20, (8 << 20) + 512, (byte) 0);
            assertArrayEquals(before, Files.readAllBytes(device.path()));
        }
        try (LinuxFile disk = LinuxFile.openToRead(file)) {
            assertEquals(1 << 20, disk.nextHole(0));
            assertEquals(3 << 20, disk.nextData(1 << 20));
        }
    }

    @Test
    void aDeviceIsWrittenAroundThePageCacheAndReadBackSo() throws IOException {
        try (LoopDevice device = LoopDevice.on(dir.resolve("disk"), DEVICE_BYTES);
                Direct direct = Direct.open(device.path(), true)) {
            assertTrue(direct.file().isPresent());
            ByteBuffer bytes = Buffers.allocate(3 * Block.BYTES);
            direct.write(bytes.limit(2 * Block.BYTES + 100), Block.BYTES);
            assertEquals(100, bytes.remaining(), "a part of a block goes the ordinary way");
            direct.write(bytes.clear(), 100);
            assertEquals(3 * Block.BYTES, bytes.remaining(), "so does what is not aligned");
            direct.read(bytes, DEVICE_BYTES);
            assertEquals(3 * Block.BYTES, bytes.remaining(), "there is nothing behind the end");
        }
    }

    @Test
    void aDeviceThatIsTooSmallIsRefusedWithBothSizes() throws IOException {
        try (LoopDevice device = LoopDevice.on(dir.resolve("disk"), 1 << 20)) {
            TargetRefused e = assertThrows(TargetRefused.class, () -> Target.open(device.path(), (1 << 20) + 4096));

            assertEquals(
                    "target " + device.path() + ": expected room for 1052672 bytes, found 1048576", e.getMessage());
        }
    }

    @Test
    void aDeviceThatIsHeldIsRefused() throws IOException {
        try (LoopDevice device = LoopDevice.on(dir.resolve("disk"), 1 << 20)) {
            try (Target target = Target.open(device.path(), 4096)) {
                assertEquals(Target.Content.OWN, target.content());
                TargetRefused e = assertThrows(TargetRefused.class, () -> Target.open(device.path(), 4096));
                assertTrue(e.toString().endsWith("expected one that nobody uses, found it in use"), e.toString());
                LinuxException busy = assertThrows(LinuxException.class, () -> LinuxFile.openExclusive(device.path()));
                assertEquals(LinuxException.EBUSY, busy.errno());
            }
            Target.open(device.path(), 4096).close();
        }
    }

    @Test
    void aMountedDeviceIsRefused() throws IOException {
        assumeTrue(Files.isExecutable(Path.of("/usr/sbin/mkfs.ext4")), "needs mkfs.ext4");
        Path mountPoint = Files.createDirectory(dir.resolve("mnt"));
        try (LoopDevice device = LoopDevice.on(dir.resolve("disk"), DEVICE_BYTES)) {
            assertTrue(LoopDevice.run("/usr/sbin/mkfs.ext4", "-q", device.path().toString()));
            assumeTrue(LoopDevice.run("mount", device.path().toString(), mountPoint.toString()), "needs to mount ext4");
            try {
                TargetRefused e = assertThrows(TargetRefused.class, () -> Target.open(device.path(), 4096));
                assertTrue(e.toString().endsWith("found it mounted at " + mountPoint), e.toString());
            } finally {
                assertTrue(LoopDevice.run("umount", mountPoint.toString()));
            }
        }
    }

    @Test
    void aFullFileSystemRefusesAndKeepsNothing() throws IOException {
        MemoryChunkStore store = new MemoryChunkStore();
        image.installInto(store);
        Path mountPoint = Files.createDirectory(dir.resolve("small"));
        assumeTrue(
                LoopDevice.run("mount", "-t", "tmpfs", "-o", "size=1m", "muster-test", mountPoint.toString()),
                "needs to mount tmpfs");
        try {
            TargetRefused early = assertThrows(TargetRefused.class, () -> assemble(store, mountPoint.resolve("disk")));
            assertTrue(early.toString().contains("expected room for "), early.toString());
            try (Target target = Target.open(mountPoint.resolve("disk"), 2 << 20)) {
                ByteBuffer bytes = ByteBuffer.allocate(2 << 20);
                TargetRefused late = assertThrows(TargetRefused.class, () -> target.write(bytes, 0));
                assertTrue(late.toString().contains("expected to write 2097152 bytes at 0"), late.toString());
            }
            try (var files = Files.list(mountPoint)) {
                assertEquals(0, files.count());
            }
        } finally {
            assertTrue(LoopDevice.run("umount", mountPoint.toString()));
        }
    }

    private AssembleReport assemble(MemoryChunkStore store, Path device) throws IOException {
        try (Target target = Target.open(device, image.length())) {
            Plan plan = assembler.plan(image.manifest(), store, target, Progress.NONE);
            Plan.Bytes bytes = plan.bytes();
            assertEquals(image.length(), bytes.decode() + bytes.zero() + bytes.keep());
            return assembler.run(plan, store, target, Progress.NONE);
        }
    }
}
