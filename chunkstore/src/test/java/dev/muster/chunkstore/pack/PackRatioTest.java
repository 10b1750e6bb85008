package dev.muster.chunkstore.pack;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.muster.chunkstore.Progress;
import dev.muster.chunkstore.Tool;
import dev.muster.chunkstore.codec.FrameCodec;
import dev.muster.chunkstore.image.DiskImage;
import dev.muster.protocol.content.Block;
import dev.muster.protocol.content.BlockHashes;
import dev.muster.protocol.content.Hash;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What an ordinary update of a real file system costs: at most a quarter more than the blocks that are found
/// nowhere in the version before.
class PackRatioTest {
    private static final long SMALL_BYTES = 24 << 20;
    private static final int SMALL_FILES = 700;
    private static final long LARGE_BYTES = 1 << 30;
    private static final int LARGE_FILES = 42_000;
    private static final int NEW_CHUNKS_MAX = 80;

    @TempDir
    private Path folder;

    @BeforeAll
    static void needsTools() {
        Tool.assume("mke2fs");
        Tool.assume("debugfs");
    }

    @Test
    void aRebuiltFileSystemCostsLittleMoreThanItsChanges() throws IOException {
        assertCheap(rebuild(SMALL_BYTES, SMALL_FILES, SMALL_FILES / 25));
    }

    @Test
    void aFileSystemChangedInPlaceCostsLittleMoreThanItsChanges() throws IOException {
        assertCheap(changeInPlace(SMALL_BYTES, SMALL_FILES, 20));
    }

    @Test
    @Tag("long")
    void aRebuiltGibibyteCostsLittleMoreThanItsChangesAndFewChunks() throws IOException {
        Pair pair = rebuild(LARGE_BYTES, LARGE_FILES, LARGE_FILES / 20);

        assertTrue(assertCheap(pair).newChunks() <= NEW_CHUNKS_MAX);
    }

    @Test
    @Tag("long")
    void aGibibyteChangedInPlaceCostsLittleMoreThanItsChangesAndFewChunks() throws IOException {
        Pair pair = changeInPlace(LARGE_BYTES, LARGE_FILES, LARGE_FILES / 20);

        assertTrue(assertCheap(pair).newChunks() <= NEW_CHUNKS_MAX);
    }

    /// Two versions of an image.
    private record Pair(Path first, Path second) {}

    private Pair rebuild(long bytes, int files, int replaced) throws IOException {
        FileTree tree = FileTree.make(folder.resolve("tree"), new SplittableRandom(11), files);
        Path first = tree.image(folder.resolve("first.raw"), bytes);
        List<String> _ = tree.replace(replaced);
        return new Pair(first, tree.image(folder.resolve("second.raw"), bytes));
    }

    private Pair changeInPlace(long bytes, int files, int replaced) throws IOException {
        FileTree tree = FileTree.make(folder.resolve("tree"), new SplittableRandom(12), files);
        Path first = tree.image(folder.resolve("first.raw"), bytes);
        Path second = Files.copy(first, folder.resolve("second.raw"));
        tree.replaceIn(second, tree.replace(replaced));
        return new Pair(first, second);
    }

    /// @return the second one, packed against the first
    private static Packed assertCheap(Pair pair) throws IOException {
        HeaderStore headers = new HeaderStore();
        Packed one;
        Packed two;
        try (FrameCodec codec = new FrameCodec();
                ExecutorService pool = Executors.newFixedThreadPool(2);
                DiskImage first = DiskImage.open(pair.first);
                DiskImage second = DiskImage.open(pair.second)) {
            Packer packer = new Packer(codec, pool, 2, Progress.NONE);
            one = packer.pack(first, List.of(), headers);
            two = packer.pack(second, List.of(new Parent(one.manifest(), headers)), headers);
        }
        Set<Hash> needed = blocks(pair.second);
        assertEquals(two.manifest().head().content(), headers.contentOf(two.manifest()));
        int all = needed.size();
        needed.removeAll(blocks(pair.first));
        long neededBytes = (long) needed.size() * Block.BYTES;

        assertTrue(needed.size() < all / 8, () -> needed.size() + " blocks of " + all + " are new: no ordinary update");
        assertTrue(
                two.newBytes() * 4 <= neededBytes * 5,
                () -> two.newBytes() + " bytes are stored of which " + neededBytes + " are needed");
        return two;
    }

    /// The names of an image's blocks that are not zero.
    private static Set<Hash> blocks(Path image) throws IOException {
        Set<Hash> blocks = new HashSet<>();
        try (DiskImage disk = DiskImage.open(image)) {
            ByteBuffer part = ByteBuffer.allocate(1 << 20);
            long length = disk.shape().length();
            for (long at = 0; at < length; at += part.capacity()) {
                disk.read(at, part.clear().limit((int) Math.min(part.capacity(), length - at)));
                BlockHashes hashes = BlockHashes.of(part.flip());
                for (int i = 0; i < hashes.size(); i++) {
                    blocks.add(hashes.get(i));
                }
            }
        }
        blocks.remove(Block.ZERO);
        return blocks;
    }
}
