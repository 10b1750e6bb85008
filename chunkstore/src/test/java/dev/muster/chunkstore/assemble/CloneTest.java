package dev.muster.chunkstore.assemble;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.muster.chunkstore.Progress;
import dev.muster.chunkstore.codec.FrameCodec;
import dev.muster.chunkstore.linux.RangeCalls;
import dev.muster.chunkstore.store.ChunkSource;
import dev.muster.chunkstore.store.MemoryChunkStore;
import dev.muster.chunkstore.store.Presence;
import dev.muster.chunkstore.store.Quota;
import dev.muster.chunkstore.store.RandomImage;
import dev.muster.chunkstore.store.SegmentStore;
import dev.muster.chunkstore.store.StoreSettings;
import dev.muster.protocol.MusterException.Corrupt;
import dev.muster.protocol.content.Block;
import dev.muster.protocol.content.Chunk;
import dev.muster.protocol.content.ChunkHeader;
import dev.muster.protocol.content.ChunkId;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Images out of plain segments, on file systems that can share blocks and on such as cannot.
final class CloneTest {
    private static final long FILE_SYSTEM_BYTES = 1L << 30;
    private static final StoreSettings RAW = new StoreSettings(
            8 << 20,
            StoreSettings.Payload.RAW,
            new Quota(0, 0),
            StoreSettings.defaults().commit(),
            1 << 20);

    @TempDir
    private Path dir;

    private final SplittableRandom random = new SplittableRandom(20261120);
    private final RandomImage image = RandomImage.ofBlocks(random, 8000, 256);
    private final ExecutorService threads = Executors.newFixedThreadPool(3);
    private final FrameCodec codec = new FrameCodec();
    private final Assembler assembler = new Assembler(codec, threads, 4);

    @AfterEach
    void close() {
        threads.close();
        codec.close();
    }

    @Tag("long")
    @ParameterizedTest
    @ValueSource(strings = {"xfs", "btrfs"})
    void anImageIsClonedOutOfTheStoreWhereTheFileSystemCan(String kind) throws IOException {
        try (LoopFileSystem system = LoopFileSystem.mount(kind, dir, FILE_SYSTEM_BYTES);
                SegmentStore store = open(system.root())) {
            image.installInto(store);
            long before = system.usedBytes();
            Path target = system.root().resolve("disk");

            AssembleReport report = assemble(image, store, target, RangeCalls.LINUX);

            assertArrayEquals(image.bytes(), Files.readAllBytes(target));
            assertTrue(report.writtenBytes() < Block.BYTES, "only the last part of a block is written");
            assertEquals(image.length(), report.clonedBytes() + report.writtenBytes() + report.zeroBytes());
            long taken = system.usedBytes() - before;
            assertTrue(taken < image.length() / 8, taken + " bytes more are taken");
        }
    }

    @Test
    void aCloneOfWhatRottedIsNoTargetAndTheChunkIsNotHereAnyMore() throws IOException {
        Chunk rotten = image.chunks().getLast();
        Path target = Files.writeString(dir.resolve("disk"), "the one before");
        try (SegmentStore store = open(dir)) {
            image.installInto(store);
            assertTrue(assemble(image, store, dir.resolve("good"), new CopiedRanges())
                            .clonedBytes()
                    > 0);
            Presence presence = store.presence(List.of(rotten.id())).getFirst();
            Presence.Plain place = assertInstanceOf(Presence.Plain.class, presence);
            try (RandomAccessFile file = new RandomAccessFile(place.file().toFile(), "rw")) {
                file.seek(place.offset() + 5);
                int right = file.read();
                file.seek(place.offset() + 5);
                file.write(right ^ 1);
            }

            Corrupt e = assertThrows(Corrupt.class, () -> assemble(image, store, target, new CopiedRanges()));

            assertTrue(e.getMessage().contains(rotten.id().toString()), e.getMessage());
            assertFalse(store.has(rotten.id()));
            assertEquals("the one before", Files.readString(target));
            store.put(rotten);
            AssembleReport _ = assemble(image, store, target, new CopiedRanges());
            assertArrayEquals(image.bytes(), Files.readAllBytes(target));
        }
    }

    @Tag("long")
    @ParameterizedTest
    @ValueSource(strings = {"xfs", "btrfs"})
    void whatIsReplacedIsClonedFirstAndOnlyWrongBlocksAreWritten(String kind) throws IOException {
        try (LoopFileSystem system = LoopFileSystem.mount(kind, dir, FILE_SYSTEM_BYTES);
                SegmentStore store = open(system.root())) {
            image.installInto(store);
            byte[] old = image.bytes();
            random.nextBytes(old);
            System.arraycopy(image.bytes(), 0, old, 0, old.length / 2);
            Path target = Files.write(system.root().resolve("disk"), old);

            try (Target opened = Target.open(target, image.length(), Target.Mode.REPLACE, RangeCalls.LINUX)) {
                assertEquals(Target.Content.OWN, opened.content());
                Plan plan = assembler.plan(image.manifest(), store, opened, Progress.NONE);
                assertTrue(plan.bytes().keep() >= old.length / 2 - Block.BYTES);
                assertTrue(plan.bytes().cloned() > 0, "and what is wrong is cloned out of the store");
                AssembleReport _ = assembler.run(plan, store, opened, Progress.NONE);
            }

            assertArrayEquals(image.bytes(), Files.readAllBytes(target));
        }
    }

    @Tag("long")
    @ParameterizedTest
    @ValueSource(strings = {"xfs", "btrfs"})
    void theNextVersionBeginsAsACloneOfItsSeed(String kind) throws IOException {
        try (LoopFileSystem system = LoopFileSystem.mount(kind, dir, FILE_SYSTEM_BYTES)) {
            MemoryChunkStore store = new MemoryChunkStore();
            image.installInto(store);
            byte[] old = image.bytes();
            for (int at = 0; at < old.length; at += 100 * Block.BYTES) {
                old[at] ^= 1;
            }
            Path seed = Files.write(system.root().resolve("1.raw"), old);
            Files.setPosixFilePermissions(seed, PosixFilePermissions.fromString("rw-------"));
            Path next = system.root().resolve("2.raw");
            try (Target target = Target.open(next, image.length(), seed)) {
                Plan plan = assembler.plan(image.manifest(), store, target, Progress.NONE);
                AssembleReport report = assembler.run(plan, store, target, Progress.NONE);
                assertTrue(report.writtenBytes() + report.zeroBytes() <= image.length() / 100 + Block.BYTES);
            }

            assertArrayEquals(image.bytes(), Files.readAllBytes(next));
            assertArrayEquals(old, Files.readAllBytes(seed));
            assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(next)));
        }
    }

    @Test
    void aSeedThatCannotBeClonedIsOfNoUse() throws IOException {
        Path memory = Path.of("/dev/shm");
        assumeTrue(Files.isDirectory(memory), "needs /dev/shm");
        Path seed = Files.write(dir.resolve("1.raw"), image.bytes());
        try (Target target = Target.open(memory.resolve("muster-" + dir.getFileName()), 4096, seed)) {
            assertEquals(Target.Content.BLANK, target.content());
        }
    }

    @Test
    void whatCannotBeClonedIsCopiedAndVerified() throws IOException {
        try (SegmentStore store = open(dir)) {
            image.installInto(store);
            Path target = dir.resolve("disk");
            try (Target opened = Target.open(target, image.length(), Target.Mode.REPLACE, RangeCalls.NONE)) {
                Plan plan = assembler.plan(image.manifest(), store, opened, Progress.NONE);

                AssembleReport report = assembler.run(plan, store, opened, Progress.NONE);

                assertEquals(image.length(), plan.bytes().copy() + plan.bytes().zero());
                assertEquals(plan.bytes().copy(), report.writtenBytes());
                assertEquals(0, report.clonedBytes());
            }
            assertArrayEquals(image.bytes(), Files.readAllBytes(target));
        }
    }

    @Test
    void plainBlocksThatRottedAreAskedForAgain() throws IOException {
        try (SegmentStore store = open(dir)) {
            image.installInto(store);
            List<ChunkId> ids = image.chunks().stream().map(Chunk::id).toList();
            Presence.Plain elsewhere = new Presence.Plain(Files.write(dir.resolve("noise"), new byte[1 << 20]), 0);
            Presence.Plain nowhere = new Presence.Plain(dir.resolve("none"), 0);
            for (Presence.Plain place : List.of(elsewhere, nowhere)) {
                ChunkSource source = saying(store, Collections.nCopies(ids.size(), place));
                Path target = dir.resolve("disk-" + place.file().getFileName());
                try (Target opened = Target.open(target, image.length())) {
                    Plan plan = assembler.plan(image.manifest(), source, opened, Progress.NONE);
                    AssembleReport _ = assembler.run(plan, source, opened, Progress.NONE);
                }
                assertArrayEquals(image.bytes(), Files.readAllBytes(target));
            }
        }
    }

    @Tag("long")
    @ParameterizedTest
    @ValueSource(strings = {"xfs"})
    void whatIsCollectedWhileItIsClonedIsWritten(String kind) throws IOException {
        try (LoopFileSystem system = LoopFileSystem.mount(kind, dir, FILE_SYSTEM_BYTES);
                SegmentStore store = open(system.root())) {
            image.installInto(store);
            Path zeros = Files.write(system.root().resolve("punched"), new byte[1 << 20]);
            AtomicInteger asked = new AtomicInteger();
            ChunkSource moving = new ChunkSource() {
                @Override
                public Optional<Chunk> chunk(ChunkId id) throws IOException {
                    return store.chunk(id);
                }

                @Override
                public Optional<ChunkHeader> header(ChunkId id) throws IOException {
                    return store.header(id);
                }

                @Override
                public List<Presence> presence(List<ChunkId> ids) throws IOException {
                    boolean planning =
                            asked.getAndAdd(ids.size()) < image.chunks().size();
                    return planning
                            ? Collections.nCopies(ids.size(), new Presence.Plain(zeros, 0))
                            : store.presence(ids);
                }
            };
            Path target = system.root().resolve("disk");

            AssembleReport report = assemble(image, moving, target, RangeCalls.LINUX);

            assertArrayEquals(image.bytes(), Files.readAllBytes(target));
            assertEquals(0, report.clonedBytes());
        }
    }

    private static ChunkSource saying(ChunkSource source, List<Presence> presence) {
        return new ChunkSource() {
            @Override
            public Optional<Chunk> chunk(ChunkId id) throws IOException {
                return source.chunk(id);
            }

            @Override
            public Optional<ChunkHeader> header(ChunkId id) throws IOException {
                return source.header(id);
            }

            @Override
            public List<Presence> presence(List<ChunkId> ids) {
                return presence.subList(0, ids.size());
            }
        };
    }

    private SegmentStore open(Path root) throws IOException {
        return SegmentStore.open(root.resolve("store"), dir.resolve("run"), RAW, codec);
    }

    private AssembleReport assemble(RandomImage image, ChunkSource source, Path path, RangeCalls calls)
            throws IOException {
        try (Target target = Target.open(path, image.length(), Target.Mode.REPLACE, calls)) {
            Plan plan = assembler.plan(image.manifest(), source, target, Progress.NONE);
            return assembler.run(plan, source, target, Progress.NONE);
        }
    }
}
