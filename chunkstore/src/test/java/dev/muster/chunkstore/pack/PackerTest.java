package dev.muster.chunkstore.pack;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.muster.chunkstore.Progress;
import dev.muster.chunkstore.image.DiskImage;
import dev.muster.chunkstore.image.MemoryImage;
import dev.muster.chunkstore.image.Run;
import dev.muster.chunkstore.store.ChunkSink;
import dev.muster.chunkstore.store.MemoryChunkStore;
import dev.muster.protocol.MusterException.Corrupt;
import dev.muster.protocol.Seeded;
import dev.muster.protocol.content.Block;
import dev.muster.protocol.content.Chunk;
import dev.muster.protocol.content.ChunkEntry;
import dev.muster.protocol.content.ChunkId;
import dev.muster.protocol.content.ContentTree;
import dev.muster.protocol.content.Extent;
import dev.muster.protocol.content.Hash;
import dev.muster.protocol.content.ImageFixture;
import dev.muster.protocol.content.ImageShape;
import dev.muster.protocol.content.Manifest;
import dev.muster.protocol.content.ManifestHead;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PackerTest {
    private final Packing packing = new Packing(2);

    @AfterEach
    void stop() {
        packing.close();
    }

    @Seeded(runs = 12)
    void whatIsPackedReadsBack(RandomGenerator random) throws IOException {
        int blocks = 1 + random.nextInt(700);
        ByteBuffer disk = ImageFixture.disk(random, blocks).limit(blocks * Block.BYTES - 512 * random.nextInt(8));

        Packed packed = packing.pack(disk);

        assertEquals(disk, packing.read(packed.manifest()));
        assertEquals(contentOf(disk), packed.manifest().head().content());
        assertEquals((long) Packing.blocks(disk).size() * Block.BYTES, packed.newBytes());
        assertEquals(0, packed.sharedBytes());
        assertManifestIsSound(packed);
    }

    @Seeded(runs = 15)
    void aNextVersionSharesWhatDidNotChange(RandomGenerator random) throws IOException {
        ByteBuffer first = ImageFixture.disk(random, 1000);
        ByteBuffer second = Edits.edited(first, random, 1 + random.nextInt(12));
        Packed one = packing.pack(first);

        Packed two = packing.pack(second, one);

        assertEquals(second, packing.read(two.manifest()));
        assertEquals(contentOf(second), two.manifest().head().content());
        assertEquals(List.of(one.manifest().id()), two.parents());
        Set<Hash> fresh = Packing.blocks(second);
        fresh.removeAll(Packing.blocks(first));
        assertTrue(two.newBytes() >= fresh.size() * (long) Block.BYTES);
        assertTrue(deadPercent(two) <= 15, () -> deadPercent(two) + " % dead");
        assertManifestIsSound(two);
    }

    @Seeded(runs = 3)
    void aLongLineOfVersionsStaysWithinItsRules(RandomGenerator random) throws IOException {
        ByteBuffer disk = ImageFixture.disk(random, 800);
        Packed last = packing.pack(disk);
        for (int version = 0; version < 8; version++) {
            disk = Edits.edited(disk, random, 8);

            last = packing.pack(disk, last);

            Packed now = last;
            assertEquals(disk, packing.read(last.manifest()));
            assertTrue(deadPercent(last) <= 15, () -> deadPercent(now) + " % dead");
            assertManifestIsSound(last);
        }
    }

    @Seeded(runs = 2)
    void theManifestDoesNotDependOnThreads(RandomGenerator random) throws IOException {
        ByteBuffer first = ImageFixture.disk(random, 1500);
        ByteBuffer second = Edits.edited(first, random, 20);
        Packed one = packing.pack(first);
        Packed two = packing.pack(second, one);
        for (int threads : new int[] {1, 3, 8}) {
            try (Packing other = new Packing(threads)) {
                assertEquals(one.manifest().id(), other.pack(first).manifest().id());
                assertEquals(
                        two.manifest().id(), other.pack(second, one).manifest().id());
            }
        }
    }

    @Test
    void theSameImageAgainIsAllShared() throws IOException {
        ByteBuffer disk = ImageFixture.disk(new SplittableRandom(1), 900);
        Packed one = packing.pack(disk);

        Packed two = packing.pack(disk, one);

        assertEquals(0, two.newBytes());
        assertEquals(0, two.newChunks());
        assertEquals(one.newChunks(), two.sharedChunks());
        assertEquals(one.wireBytes(), two.wireBytes());
        assertEquals(one.manifest().extents(), two.manifest().extents());
        assertEquals(two.length(), two.zeroBytes() + two.sharedBytes());
    }

    @Test
    void anImageScatteredOverItsParentIsStoredAgain() throws IOException {
        ByteBuffer first = noise(20 * 256, 1);
        ByteBuffer second = ByteBuffer.allocate(first.limit());
        for (int i = 0; i < 20 * 256; i += 2) {
            second.put(first.slice(i * 509 % (20 * 256) * Block.BYTES, 2 * Block.BYTES));
        }
        Packed one = packing.pack(first);

        Packed two = packing.pack(second.flip(), one);

        assertEquals(second, packing.read(two.manifest()));
        assertTrue(two.newBytes() > first.limit() / 4, "most matches are two blocks long, each in another chunk");
        assertManifestIsSound(two);
    }

    @Test
    void equalBlocksAreStoredOnce() throws IOException {
        byte[] pattern = new byte[Block.BYTES];
        pattern[7] = 1;
        ByteBuffer disk = ByteBuffer.allocate(5000 * Block.BYTES);
        while (disk.hasRemaining()) {
            disk.put(pattern);
        }

        Packed packed = packing.pack(disk.flip());

        assertEquals(Block.BYTES, packed.newBytes());
        assertEquals(1, packed.newChunks());
        assertEquals(disk, packing.read(packed.manifest()));
        Packed again = packing.pack(disk, packed);
        assertEquals(0, again.newBytes());
    }

    @Test
    void anImageWithoutDataHasNoChunks() throws IOException {
        ImageShape shape = ImageShape.disk(1L << 46);
        List<Run> runs = List.of(new Run(0, 1L << 45, Run.Kind.HOLE), new Run(1L << 45, 1L << 45, Run.Kind.ZERO));

        Packed packed = packing.pack(new MemoryImage(ByteBuffer.allocate(0), shape, runs));

        assertEquals(0, packed.newChunks());
        assertEquals(1L << 46, packed.zeroBytes());
        assertEquals(6, packed.manifest().extents().size(), "16 TiB at most in one extent");
        assertTrue(packed.manifest().extents().stream().anyMatch(extent -> extent.kind() == Extent.Kind.HOLE));
    }

    @Test
    void anOpaqueFileOfAnyLengthIsPacked() throws IOException {
        ByteBuffer file = ImageFixture.disk(new SplittableRandom(3), 40).limit(40 * Block.BYTES - 1234);
        List<Run> runs = List.of(new Run(0, file.limit(), Run.Kind.DATA));

        Packed packed = packing.pack(new MemoryImage(file, ImageShape.opaque(file.limit()), runs));

        assertEquals(ImageShape.Kind.OPAQUE, packed.manifest().shape().kind());
        assertEquals(file, packing.read(packed.manifest()));
        assertEquals(file.limit(), packed.length());
    }

    @Seeded(runs = 8)
    void anImageOfManySmallRunsReadsBack(RandomGenerator random) throws IOException {
        ByteBuffer disk = ImageFixture.disk(random, 1500);
        List<Run> runs = new ArrayList<>();
        for (int block = 0; block < 1500; ) {
            int blocks = Math.min(1500 - block, 1 + random.nextInt(random.nextInt(2) == 0 ? 3 : 300));
            boolean zero = Block.isZero(disk.slice(block * Block.BYTES, blocks * Block.BYTES));
            Run.Kind nothing = random.nextBoolean() ? Run.Kind.ZERO : Run.Kind.HOLE;
            runs.add(new Run(block * 4096L, blocks * 4096L, zero ? nothing : Run.Kind.DATA));
            block += blocks;
        }

        Packed packed = packing.pack(new MemoryImage(disk, ImageShape.disk(disk.limit()), runs));

        assertEquals(contentOf(disk), packed.manifest().head().content());
        assertEquals(disk, packing.read(packed.manifest()));
        assertManifestIsSound(packed);
        assertEquals(packing.pack(disk).manifest().chunks(), packed.manifest().chunks());
    }

    @Test
    void onePassAndTwoGiveTheSameChunks() throws IOException {
        Packed unrelated = packing.pack(noise(10, 1));
        for (int blocks : new int[] {700, Layout.SMALL_BLOCKS + 300}) {
            ByteBuffer disk = noise(blocks, 2);
            disk.put(500 * Block.BYTES, disk, 100 * Block.BYTES, 30 * Block.BYTES);

            Packed one = packing.pack(disk);
            Packed two = packing.pack(disk, unrelated);

            assertEquals(two.manifest().chunks(), one.manifest().chunks());
            assertEquals(two.manifest().extents(), one.manifest().extents());
            assertEquals((blocks - 30L) * Block.BYTES, one.newBytes());
        }
    }

    @Test
    void smallNewImagesHaveSmallChunksAndUpdatesDoNot() throws IOException {
        ByteBuffer disk = noise(2000, 1);
        ByteBuffer longer = ByteBuffer.allocate(3000 * Block.BYTES)
                .put(disk.duplicate())
                .put(noise(1000, 2))
                .flip();

        Packed one = packing.pack(disk);
        Packed two = packing.pack(longer, one);

        assertEquals(64, one.manifest().chunks().getFirst().blocks());
        assertEquals(Math.ceilDiv(2000, 64), one.newChunks());
        assertEquals(Math.ceilDiv(1000, 256), two.newChunks());
        assertEquals(64, Layout.chunkBlocks(16_383, 32_765));
        assertEquals(256, Layout.chunkBlocks(16_384, 16_384));
        assertEquals(256, Layout.chunkBlocks(1000, 2000));
    }

    @Test
    void severalParentsAreUsed() throws IOException {
        ByteBuffer left = noise(300, 1);
        ByteBuffer right = noise(300, 2);
        ByteBuffer both = ByteBuffer.allocate(600 * Block.BYTES)
                .put(left.duplicate())
                .put(right.duplicate())
                .flip();
        Packed one = packing.pack(left);
        Packed two = packing.pack(right);

        Packed packed = packing.pack(both, one, two);

        assertEquals(0, packed.newBytes());
        assertEquals(both, packing.read(packed.manifest()));
        assertThrows(IllegalArgumentException.class, () -> packing.pack(both, one, one, one, one, one));
    }

    @Test
    void aParentWithoutHeadersCostsBytesAndNothingElse() throws IOException {
        ByteBuffer disk = noise(600, 1);
        Packed one = packing.pack(disk);
        MemoryChunkStore half = new MemoryChunkStore();
        for (ChunkEntry chunk : one.manifest().chunks().subList(0, 5)) {
            half.put(packing.store().chunk(chunk.id()).orElseThrow());
        }

        Packed two = packing.packer(Progress.NONE)
                .pack(new MemoryImage(disk), List.of(new Parent(one.manifest(), half)), packing.store());

        // Of the rest, which is cut into chunks of 256, the last one comes out as it was.
        assertEquals(6, two.sharedChunks());
        assertEquals(256 * Block.BYTES, two.newBytes());
        assertEquals(disk, packing.read(two.manifest()));
    }

    @Seeded(runs = 6)
    void aFullTableCostsBytesAndNothingElse(RandomGenerator random) throws IOException {
        ByteBuffer first = ImageFixture.disk(random, 1000);
        ByteBuffer second = Edits.edited(first, random, 10);
        Packed one = packing.pack(first);
        int tableMax = random.nextInt(700);

        Packed two = packing.packer(tableMax).pack(new MemoryImage(second), packing.parents(one), packing.store());

        assertEquals(second, packing.read(two.manifest()));
        assertManifestIsSound(two);
    }

    @Test
    void anImageThatChangesBetweenThePassesIsRefused() throws IOException {
        ByteBuffer disk = noise(600, 1);
        Packed parent = packing.pack(noise(20, 2));
        Progress change = new Progress() {
            @Override
            public void phase(String name, long totalBytes) {
                if (name.equals("pack")) {
                    disk.put(300 * Block.BYTES, (byte) ~disk.get(300 * Block.BYTES));
                }
            }

            @Override
            public void advance(long bytes) {}
        };

        Corrupt refused = assertThrows(
                Corrupt.class,
                () -> packing.packer(change).pack(new MemoryImage(disk), packing.parents(parent), packing.store()));

        assertTrue(String.valueOf(refused.getMessage()).startsWith("image block 300: expected sha256:"));
        assertTrue(String.valueOf(refused.getMessage()).endsWith("something writes to the image"));
    }

    @Test
    void progressAddsUpToItsTotals() throws IOException {
        ByteBuffer disk = ImageFixture.disk(new SplittableRandom(1), 900);
        Packed one = packing.pack(disk);
        List<String> phases = new ArrayList<>();
        List<Long> left = new ArrayList<>();
        Progress progress = new Progress() {
            @Override
            public void phase(String name, long totalBytes) {
                phases.add(name);
                left.add(totalBytes);
            }

            @Override
            public void advance(long bytes) {
                left.add(left.removeLast() - bytes);
            }
        };

        packing.packer(progress).pack(new MemoryImage(noise(900, 5)), packing.parents(one), packing.store());

        packing.packer(progress).pack(new MemoryImage(noise(900, 6)), List.of(), packing.store());

        assertEquals(List.of("index", "read", "pack", "index", "pack"), phases);
        assertEquals(List.of(0L, 0L, 0L, 0L, 0L), left);
    }

    @Test
    void aSinkThatRefusesStopsThePacking() {
        MemoryImage image = new MemoryImage(noise(3000, 1));
        IOException full = new IOException("full");
        Refusing sink = new Refusing(full);

        IOException thrown = assertThrows(
                IOException.class, () -> packing.packer(Progress.NONE).pack(image, List.of(), sink));

        assertEquals(full, thrown);
        assertEquals(3, sink.puts);
    }

    @Test
    void anInterruptStopsThePacking() {
        MemoryImage image = new MemoryImage(noise(3000, 1));
        Thread.currentThread().interrupt();

        assertThrows(InterruptedIOException.class, () -> packing.pack(image));

        assertTrue(Thread.interrupted());
    }

    @Test
    void oneDiskHasOneContentInEveryContainer(@TempDir Path folder) throws IOException {
        ByteBuffer disk = ByteBuffer.allocate(8 << 20);
        disk.put(0, noise(100, 1), 0, 100 * Block.BYTES);
        disk.put(6 << 20, noise(30, 2), 0, 30 * Block.BYTES);
        Path path = folder.resolve("sparse.raw");
        try (FileChannel file = FileChannel.open(
                path, StandardOpenOption.CREATE_NEW, StandardOpenOption.SPARSE, StandardOpenOption.WRITE)) {
            file.write(disk.slice(0, 100 * Block.BYTES), 0);
            file.write(disk.slice(6 << 20, 2 << 20), 6 << 20);
        }
        List<Run> runs = List.of(
                new Run(0, 2 << 20, Run.Kind.DATA),
                new Run(2 << 20, 4 << 20, Run.Kind.HOLE),
                new Run(6 << 20, 2 << 20, Run.Kind.DATA));

        Packed whole = packing.pack(disk);
        Packed holed = packing.pack(new MemoryImage(disk, ImageShape.disk(disk.limit()), runs));
        try (DiskImage sparse = DiskImage.open(path)) {
            assertEquals(whole.manifest().id(), packing.pack(sparse).manifest().id());
        }
        assertEquals(whole.manifest().head().content(), holed.manifest().head().content());
        assertEquals(whole.manifest().chunks(), holed.manifest().chunks());
    }

    private static ByteBuffer noise(int blocks, long seed) {
        byte[] bytes = new byte[blocks * Block.BYTES];
        new SplittableRandom(seed).nextBytes(bytes);
        return ByteBuffer.wrap(bytes);
    }

    private static Object contentOf(ByteBuffer disk) {
        ContentTree tree = new ContentTree();
        for (int at = 0; at < disk.limit(); at += Block.BYTES) {
            byte[] block = new byte[Block.BYTES];
            disk.get(at, block, 0, Math.min(Block.BYTES, disk.limit() - at));
            tree.add(Hash.of(block));
        }
        return tree.id(disk.limit());
    }

    /// How much of the chunks that an image refers to it does not use.
    private static long deadPercent(Packed packed) {
        Set<Long> used = new HashSet<>();
        for (Extent extent : packed.manifest().extents()) {
            for (int i = 0; i < extent.blocks() && extent.kind() == Extent.Kind.CHUNK; i++) {
                used.add(extent.chunk() * 256L + extent.blockInChunk() + i);
            }
        }
        long all = packed.manifest().chunks().stream()
                .mapToLong(ChunkEntry::blocks)
                .sum();
        return all == 0 ? 0 : (all - used.size()) * 100 / all;
    }

    /// Every chunk is used, listed in the order of first use, and costs what it says; the pages say what was
    /// made.
    private void assertManifestIsSound(Packed packed) throws IOException {
        int next = 0;
        for (Extent extent : packed.manifest().extents()) {
            assertTrue(extent.chunk() <= next, "chunks are in the order of their first use");
            next += extent.kind() == Extent.Kind.CHUNK && extent.chunk() == next ? 1 : 0;
        }
        assertEquals(packed.manifest().chunks().size(), next);
        long wireBytes = 0;
        for (ChunkId id :
                packed.manifest().chunks().stream().map(ChunkEntry::id).toList()) {
            Chunk chunk = packing.store().chunk(id).orElseThrow();
            wireBytes += chunk.wireBytes();
        }
        assertEquals(wireBytes, packed.wireBytes());
        ManifestHead head = ManifestHead.decode(packed.manifest().head().encode());
        assertEquals(
                packed.manifest().extents(),
                Manifest.read(head, packed.encoded()).extents());
    }

    private static final class Refusing implements ChunkSink {
        private final IOException failure;
        private int puts;

        Refusing(IOException failure) {
            this.failure = failure;
        }

        @Override
        public boolean has(ChunkId id) {
            return false;
        }

        @Override
        public void put(Chunk chunk) throws IOException {
            puts++;
            if (puts == 3) {
                throw failure;
            }
        }

        @Override
        public void flush() {}
    }
}
