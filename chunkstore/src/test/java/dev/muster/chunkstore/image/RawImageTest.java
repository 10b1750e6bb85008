package dev.muster.chunkstore.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.muster.chunkstore.Tool;
import dev.muster.protocol.MusterException.BadConfiguration;
import dev.muster.protocol.MusterException.Corrupt;
import dev.muster.protocol.Seeded;
import dev.muster.protocol.content.ImageFixture;
import dev.muster.protocol.content.ImageShape;
import dev.muster.protocol.content.Recipe;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RawImageTest extends DiskImageContract {
    @TempDir
    private Path folder;

    @Override
    protected DiskImage open(ByteBuffer disk) throws IOException {
        return DiskImage.open(write("contract.raw", disk));
    }

    @Test
    void aDiskHasTheShapeOfItsFile() throws IOException {
        try (DiskImage image = open(ImageFixture.disk(new SplittableRandom(1), 100))) {
            assertEquals(new ImageShape(ImageShape.Kind.DISK, 100 * 4096, 512, new Recipe.Raw()), image.shape());
        }
    }

    @Seeded
    void holesAreSkippedAndChangeNothing(RandomGenerator random) throws IOException {
        ByteBuffer disk = ByteBuffer.allocate(1 << 20);
        Path path = folder.resolve("sparse.raw");
        try (FileChannel file = FileChannel.open(
                path, StandardOpenOption.CREATE_NEW, StandardOpenOption.SPARSE, StandardOpenOption.WRITE)) {
            for (int i = 0; i < 5; i++) {
                int at = random.nextInt(200) * 4096;
                ByteBuffer part = disk.slice(at, (1 + random.nextInt(20)) * 4096);
                ImageFixture.fill(part, random);
                file.write(part, at);
            }
            file.write(ByteBuffer.allocate(1), disk.limit() - 1);
        }
        InputFile file = InputFile.open(path);

        try (DiskImage known = DiskImage.open(path);
                DiskImage unknown = new RawImage(file, Holes.UNKNOWN, known.shape())) {
            assertEquals(disk, ImageBytes.read(known));
            assertEquals(disk, ImageBytes.read(unknown));
            assertEquals(List.of(new Run(0, disk.limit(), Run.Kind.DATA)), ImageBytes.runs(unknown));
        }
    }

    @Test
    void aSparseFileCostsWhatItsDataCosts() throws IOException {
        assumeTrue(System.getProperty("os.name").equals("Linux"), "needs Linux");
        long length = 64L << 30;
        Path path = folder.resolve("large.raw");
        try (FileChannel file = FileChannel.open(
                path, StandardOpenOption.CREATE_NEW, StandardOpenOption.SPARSE, StandardOpenOption.WRITE)) {
            file.write(ByteBuffer.wrap(new byte[] {1}), 10L << 30);
            file.write(ByteBuffer.wrap(new byte[] {2}), length - 1);
        }

        try (DiskImage image = DiskImage.open(path)) {
            List<Run> runs = ImageBytes.runs(image);
            long data = runs.stream()
                    .filter(run -> run.kind() == Run.Kind.DATA)
                    .mapToLong(Run::length)
                    .sum();

            assertEquals(4, runs.size(), runs::toString);
            assertTrue(data <= 2 << 20, () -> data + " bytes to read");
        }
    }

    @Test
    void aFileOfZerosThatIsAllHoleHasNoData() throws IOException {
        assumeTrue(System.getProperty("os.name").equals("Linux"), "needs Linux");
        Path path = folder.resolve("hole.raw");
        Tool.assume("truncate").run("-s", 1 << 20, path);

        try (DiskImage image = DiskImage.open(path)) {
            assertEquals(List.of(new Run(0, 1 << 20, Run.Kind.ZERO)), ImageBytes.runs(image));
        }
    }

    @Test
    void aBlockDeviceIsAnImage() throws IOException {
        assumeTrue(System.getProperty("user.name").equals("root"), "needs root");
        Tool losetup = Tool.assume("losetup");
        ByteBuffer disk = ImageFixture.disk(new SplittableRandom(2), 64);
        String device = losetup.run("--find", "--show", write("disk.raw", disk)).strip();

        try (DiskImage image = DiskImage.open(Path.of(device))) {
            assertEquals(ImageShape.disk(64 * 4096), image.shape());
            assertEquals(disk, ImageBytes.read(image));
        } finally {
            losetup.run("--detach", device);
        }
    }

    @Test
    void aDiskWithoutWholeSectorsIsRefusedAndAnOpaqueFileIsNot() throws IOException {
        Path file = write("initrd", ByteBuffer.wrap(new byte[1000]));

        BadConfiguration refused = assertThrows(BadConfiguration.class, () -> DiskImage.open(file));

        assertEquals(
                file + ": expected a disk of whole sectors of 512 bytes, found 1000 bytes; "
                        + "publish it as an opaque file if it is no disk",
                refused.getMessage());
        try (DiskImage image = DiskImage.openOpaque(file)) {
            assertEquals(ImageShape.opaque(1000), image.shape());
            assertEquals(ByteBuffer.allocate(1000), ImageBytes.read(image));
        }
    }

    @Test
    void largeSectorsAreKnownByTheirPartitionTable() throws IOException {
        byte[] gpt = "EFI PART".getBytes(StandardCharsets.US_ASCII);
        Path small = write("small.raw", ByteBuffer.allocate(1 << 20).put(512, gpt));
        Path large = write("large.raw", ByteBuffer.allocate(1 << 20).put(4096, gpt));
        Path both = write("both.raw", ByteBuffer.allocate(1 << 20).put(512, gpt).put(4096, gpt));

        try (DiskImage a = DiskImage.open(small);
                DiskImage b = DiskImage.open(large);
                DiskImage c = DiskImage.open(both)) {
            assertEquals(512, a.shape().sectorBytes());
            assertEquals(4096, b.shape().sectorBytes());
            assertEquals(512, c.shape().sectorBytes());
        }
    }

    @Test
    void whatIsNoImageIsRefused() throws IOException {
        Path empty = write("empty", ByteBuffer.allocate(0));
        Path missing = folder.resolve("missing");
        for (Path path : List.of(empty, missing, folder, Path.of("/dev/null"))) {
            BadConfiguration refused = assertThrows(BadConfiguration.class, () -> DiskImage.open(path));
            assertTrue(String.valueOf(refused.getMessage()).startsWith(path + ": expected an image"));
        }
    }

    @Test
    void aFileThatIsCutWhileItIsReadIsCorrupt() throws IOException {
        Path path = write("disk.raw", ImageFixture.disk(new SplittableRandom(3), 10));
        try (DiskImage image = DiskImage.open(path);
                FileChannel file = FileChannel.open(path, StandardOpenOption.WRITE)) {
            file.truncate(4096);

            Corrupt corrupt = assertThrows(Corrupt.class, () -> image.read(0, ByteBuffer.allocate(8192)));
            assertEquals(path + ": expected 4096 bytes at 4096, found the end", corrupt.getMessage());
        }
    }

    @Test
    void aFileThatIsWrittenToWhileItIsReadIsNoticed() throws IOException {
        Path path = write("disk.raw", ImageFixture.disk(new SplittableRandom(3), 10));
        Files.setLastModifiedTime(path, FileTime.fromMillis(1_700_000_000_000L));
        try (DiskImage image = DiskImage.open(path);
                FileChannel file = FileChannel.open(path, StandardOpenOption.WRITE)) {
            image.checkUnchanged();
            file.write(ByteBuffer.allocate(1), 4096);

            Corrupt refused = assertThrows(Corrupt.class, image::checkUnchanged);
            assertTrue(String.valueOf(refused.getMessage()).endsWith("something writes to the image"));
        }
    }

    private Path write(String name, ByteBuffer bytes) throws IOException {
        Path path = folder.resolve(name);
        try (FileChannel file = FileChannel.open(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            file.write(bytes.duplicate());
        }
        return path;
    }
}
