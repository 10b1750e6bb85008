package dev.muster.chunkstore.pack;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.muster.chunkstore.Tool;
import dev.muster.chunkstore.image.DiskImage;
import dev.muster.protocol.content.Block;
import dev.muster.protocol.content.Hash;
import dev.muster.protocol.content.ImageFixture;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What an ordinary update of a real file system costs: at most a quarter more than the blocks that are found nowhere
/// in the version before.
class PackRatioTest {
    private static final long IMAGE_BYTES = 24 << 20;
    private static final int FILES = 700;

    @TempDir
    private Path folder;

    private final Packing packing = new Packing(2);
    private final List<Path> files = new ArrayList<>();

    @AfterEach
    void stop() {
        packing.close();
    }

    @Test
    void aRebuiltFileSystemCostsLittleMoreThanItsChanges() throws IOException {
        RandomGenerator random = new SplittableRandom(11);
        for (int i = 0; i < FILES; i++) {
            Path file = folder.resolve("tree/dir" + i / 50).resolve("file" + i);
            Files.createDirectories(file.getParent());
            files.add(file);
            write(file, random);
        }
        Path first = make("first.raw");
        for (int i = 0; i < FILES / 25; i++) {
            write(files.get(random.nextInt(FILES)), random);
        }
        Path second = make("second.raw");

        assertRatio(first, second);
    }

    @Test
    void aFileSystemChangedInPlaceCostsLittleMoreThanItsChanges() throws IOException {
        RandomGenerator random = new SplittableRandom(12);
        Tool debugfs = Tool.assume("debugfs");
        for (int i = 0; i < FILES; i++) {
            Path file = folder.resolve("tree").resolve("file" + i);
            Files.createDirectories(file.getParent());
            files.add(file);
            write(file, random);
        }
        Path first = make("first.raw");
        Path second = Files.copy(first, folder.resolve("second.raw"));
        for (int i = 0; i < 20; i++) {
            int victim = i * FILES / 20;
            write(files.get(victim), random);
            debugfs.run("-w", "-R", "rm file" + victim, second);
            debugfs.run("-w", "-R", "write " + files.get(victim) + " file" + victim, second);
        }

        assertRatio(first, second);
    }

    private void assertRatio(Path first, Path second) throws IOException {
        Packed one;
        Packed two;
        try (DiskImage image = DiskImage.open(first)) {
            one = packing.pack(image);
        }
        try (DiskImage image = DiskImage.open(second)) {
            two = packing.pack(image, one);
        }
        ByteBuffer disk = ByteBuffer.wrap(Files.readAllBytes(second));
        Set<Hash> needed = Packing.blocks(disk);
        int all = needed.size();
        needed.removeAll(Packing.blocks(ByteBuffer.wrap(Files.readAllBytes(first))));
        long neededBytes = (long) needed.size() * Block.BYTES;

        assertEquals(disk, packing.read(two.manifest()));
        assertTrue(needed.size() < all / 8, () -> needed.size() + " blocks of " + all + " are new: no ordinary update");
        assertTrue(
                two.newBytes() * 4 <= neededBytes * 5,
                () -> two.newBytes() + " bytes are stored of which " + neededBytes + " are needed");
    }

    /// Sizes as files of an operating system have them: mostly small.
    private static void write(Path file, RandomGenerator random) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(1 + (int) (4000 * Math.exp(2.5 * random.nextDouble())));
        while (bytes.hasRemaining()) {
            ByteBuffer part = bytes.slice(bytes.position(), Math.min(bytes.remaining(), 4096));
            ImageFixture.fill(part, random);
            bytes.position(bytes.position() + part.limit());
        }
        Files.write(file, bytes.array());
        Files.setLastModifiedTime(file, FileTime.fromMillis(1_700_000_000_000L));
    }

    private Path make(String name) {
        Path image = folder.resolve(name);
        Tool.assume("mke2fs")
                .run("-q", "-t", "ext4", "-b", 4096, "-d", folder.resolve("tree"), image, IMAGE_BYTES / 1024);
        return image;
    }
}
