package dev.muster.chunkstore.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.muster.protocol.MusterException;
import dev.muster.protocol.MusterException.BadConfiguration;
import dev.muster.protocol.MusterException.Corrupt;
import dev.muster.protocol.Seeded;
import dev.muster.protocol.content.Block;
import dev.muster.protocol.content.ImageShape;
import dev.muster.protocol.content.Recipe;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class Qcow2ImageTest extends DiskImageContract {
    @TempDir
    private Path folder;

    @Override
    protected DiskImage open(ByteBuffer disk) throws IOException {
        Qcow2Fixture file = new Qcow2Fixture(3, 12, disk.limit(), false);
        for (int i = 0; i * 4096 < disk.limit(); i++) {
            byte[] cluster = new byte[4096];
            disk.get(i * 4096, cluster, 0, Math.min(4096, disk.limit() - i * 4096));
            if (i % 3 == 0) {
                file.packed(i, cluster, false);
            } else if (i % 5 != 0 || !Block.isZero(ByteBuffer.wrap(cluster))) {
                file.plain(i, cluster);
            }
        }
        return DiskImage.open(write(file.file()));
    }

    @ParameterizedTest
    @CsvSource({"2, 12, false", "3, 12, false", "3, 12, true", "3, 9, false", "3, 16, true"})
    void everyKindOfClusterIsRead(int version, int clusterBits, boolean zstd) throws IOException {
        int bytes = 1 << clusterBits;
        byte[] a = text(bytes, 'a');
        byte[] b = text(bytes, 'b');
        byte[] c = text(bytes, 'c');
        Qcow2Fixture file = new Qcow2Fixture(version, clusterBits, 7L * bytes - 512 % bytes, zstd)
                .plain(0, a)
                .packed(1, b, zstd)
                .packed(2, c, zstd)
                .plain(6, a);
        if (version == 3) {
            file.zero(4);
        }

        try (DiskImage image = DiskImage.open(write(file.file()))) {
            ByteBuffer expected =
                    ByteBuffer.allocate(7 * bytes).put(a).put(b).put(c).put(6 * bytes, a);
            long length = 7L * bytes - 512 % bytes;
            assertEquals(expected.position(0).limit((int) length), ImageBytes.read(image));
            assertEquals(
                    new ImageShape(ImageShape.Kind.DISK, length, 512, new Recipe.Qcow2(version, clusterBits, false)),
                    image.shape());
            ByteBuffer across = ByteBuffer.allocate(bytes);
            image.read(bytes / 2, across);
            assertEquals(expected.slice(bytes / 2, bytes), across.flip());
        }
    }

    @Test
    void zerosAndHolesAreKnownWithoutReading() throws IOException {
        Qcow2Fixture file = new Qcow2Fixture(3, 12, 2000 * 4096L, false)
                .plain(0, text(4096, 'a'))
                .zero(2)
                .zero(3)
                .plain(4, text(4096, 'b'))
                .plain(1024, text(4096, 'c'));

        try (DiskImage image = DiskImage.open(write(file.file()))) {
            assertEquals(
                    List.of(
                            new Run(0, 4096, Run.Kind.DATA),
                            new Run(4096, 4096, Run.Kind.HOLE),
                            new Run(2 * 4096, 2 * 4096, Run.Kind.ZERO),
                            new Run(4 * 4096, 4096, Run.Kind.DATA),
                            new Run(5 * 4096, 507 * 4096, Run.Kind.HOLE),
                            new Run(512 * 4096, 512 * 4096, Run.Kind.HOLE),
                            new Run(1024 * 4096, 4096, Run.Kind.DATA),
                            new Run(1025 * 4096, 511 * 4096, Run.Kind.HOLE),
                            new Run(1536 * 4096, 464 * 4096, Run.Kind.HOLE)),
                    ImageBytes.runs(image));
        }
    }

    @Test
    void whetherClustersAreCompressedIsPartOfTheRecipe() throws IOException {
        Qcow2Fixture file = new Qcow2Fixture(3, 12, 4096 * 4L, false).packed(2, text(4096, 'a'), false);

        try (DiskImage image = DiskImage.open(write(file.file()))) {
            assertEquals(new Recipe.Qcow2(3, 12, true), image.shape().recipe());
        }
    }

    @Test
    void whatIsNotReadHereIsRefusedByName() throws IOException {
        refused("a backing file; make it whole with qemu-img convert", head -> head.putLong(8, 400));
        refused("encryption method 2", head -> head.putInt(Qcow2Fixture.ENCRYPTION, 2));
        refused("version 4", head -> head.putInt(Qcow2Fixture.VERSION, 4));
        refused("an external data file", head -> head.putLong(Qcow2Fixture.FEATURES, 4));
        refused("extended L2 entries", head -> head.putLong(Qcow2Fixture.FEATURES, 16));
        refused("incompatible feature bit 41", head -> head.putLong(Qcow2Fixture.FEATURES, 1L << 41));
        refused(
                "compression type 7",
                head -> head.putLong(Qcow2Fixture.FEATURES, 8).put(Qcow2Fixture.COMPRESSION_TYPE, (byte) 7));
    }

    @Test
    void whatCannotBeIsCorrupt() throws IOException {
        corrupt("one marked as corrupt; try qemu-img check -r all", head -> head.putLong(Qcow2Fixture.FEATURES, 2));
        corrupt("2^8", head -> head.putInt(Qcow2Fixture.CLUSTER_BITS, 8));
        corrupt("2^4294967295", head -> head.putInt(Qcow2Fixture.CLUSTER_BITS, -1));
        corrupt("18446744073709551615 bytes", head -> head.putLong(Qcow2Fixture.LENGTH, -1));
        corrupt("0 bytes", head -> head.putLong(Qcow2Fixture.LENGTH, 0));
        corrupt("found 1", head -> head.putLong(Qcow2Fixture.LENGTH, 1L << 40));
        corrupt(
                "found 4294967295",
                head -> head.putLong(Qcow2Fixture.LENGTH, 1L << 47).putInt(Qcow2Fixture.L1_ENTRIES, -1));
        corrupt("them at 4294967296", head -> head.putLong(Qcow2Fixture.L1_OFFSET, 1L << 32));
        corrupt("them at 4104", head -> head.putLong(Qcow2Fixture.L1_OFFSET, 4104));
        corrupt("them at 18446744073709547520", head -> head.putLong(Qcow2Fixture.L1_OFFSET, -4096));
        corrupt("96 bytes", head -> head.putInt(Qcow2Fixture.HEADER_BYTES, 96));
        corrupt("type 0", head -> head.putLong(Qcow2Fixture.FEATURES, 8));
        corrupt("type 1", head -> head.put(Qcow2Fixture.COMPRESSION_TYPE, (byte) 1));
        corrupt("entry 0x8000000000000200", head -> head.putLong(4096, 1L << 63 | 512));
        corrupt("entry 0x8000000000002001", head -> head.putLong(4096, 1L << 63 | 8193));
        corrupt("entry 0x8000000001000000", head -> head.putLong(4096, 1L << 63 | 1 << 24));
    }

    @Test
    void aClusterOutsideTheFileIsCorrupt() throws IOException {
        clusterIsCorrupt("it at 1048576, cluster 3", 1L << 63 | 1 << 20);
        clusterIsCorrupt("another, cluster 3", 1L << 63 | 512);
        clusterIsCorrupt("another, cluster 3", 1L << 63 | 1L << 57);
        clusterIsCorrupt("another, cluster 3", 2);
        clusterIsCorrupt("it at 1048577, cluster 3", 1L << 62 | 1048577);
        clusterIsCorrupt("cluster 3: invalid stored block lengths", 1L << 62 | 4097);
    }

    @Test
    void dirtyReferenceCountsDoNotMatter() throws IOException {
        ByteBuffer file = sound().file();
        file.putLong(Qcow2Fixture.FEATURES, 1);

        try (DiskImage image = DiskImage.open(write(file))) {
            assertEquals(8 * 4096, ImageBytes.read(image).limit());
        }
    }

    @Seeded(runs = 400)
    void aDamagedFileIsReadOrRefusedAndNothingElse(RandomGenerator random) throws IOException {
        boolean zstd = random.nextBoolean();
        ByteBuffer file = new Qcow2Fixture(3, 9 + random.nextInt(4), 16 * 4096L, zstd)
                .plain(0, text(512, 'a'))
                .packed(1, text(512, 'b'), zstd)
                .zero(2)
                .packed(5, text(512, 'c'), zstd)
                .file();
        damage(file, random);
        Path path = write(file);

        try (DiskImage image = DiskImage.open(path)) {
            List<Run> runs = ImageBytes.runs(image);
            for (Run run : runs.subList(0, Math.min(runs.size(), 100))) {
                image.read(run.offset(), ByteBuffer.allocate((int) Math.min(run.length(), 1 << 16)));
            }
        } catch (Corrupt | BadConfiguration e) {
            assertTrue(String.valueOf(e.getMessage()).startsWith(path + ": "), e.getMessage());
        }
    }

    private static void damage(ByteBuffer file, RandomGenerator random) {
        if (random.nextInt(4) == 0) {
            file.limit(random.nextInt(4, file.limit()));
        }
        int flips = random.nextInt(4);
        for (int i = 0; i < flips; i++) {
            // Half of them in the header, where they do most.
            int at = random.nextInt(4, random.nextBoolean() ? Math.min(file.limit(), 112) : file.limit() + 1);
            if (at < file.limit()) {
                file.put(at, (byte) (file.get(at) ^ 1 << random.nextInt(8)));
            }
        }
    }

    private void refused(String found, Consumer<ByteBuffer> change) throws IOException {
        assertEquals(found, foundIn(assertThrows(BadConfiguration.class, () -> open(change))));
    }

    private void corrupt(String found, Consumer<ByteBuffer> change) throws IOException {
        assertEquals(found.replace("found ", ""), foundIn(assertThrows(Corrupt.class, () -> open(change))));
    }

    private void clusterIsCorrupt(String found, long entry) throws IOException {
        try (DiskImage image = DiskImage.open(write(sound().entry(3, entry).file()))) {
            assertEquals(found, foundIn(assertThrows(Corrupt.class, () -> ImageBytes.read(image))));
        }
    }

    private void open(Consumer<ByteBuffer> change) throws IOException {
        ByteBuffer file = sound().file();
        change.accept(file);
        try (DiskImage image = DiskImage.open(write(file))) {
            ImageBytes.read(image);
        }
    }

    private static String foundIn(MusterException refused) {
        String message = String.valueOf(refused.getMessage());
        return message.replaceFirst("^.*: qcow2: (.*, found )?", "");
    }

    private static Qcow2Fixture sound() {
        return new Qcow2Fixture(3, 12, 8 * 4096L, false)
                .plain(0, text(4096, 'a'))
                .packed(2, text(4096, 'b'), false);
    }

    private static byte[] text(int length, char start) {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = (byte) (start + i % 7 * (i / 7 % 3));
        }
        return bytes;
    }

    private Path write(ByteBuffer bytes) throws IOException {
        Path path = folder.resolve("disk.qcow2");
        try (FileChannel file = FileChannel.open(
                path, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)) {
            file.write(bytes.duplicate());
        }
        return path;
    }
}
