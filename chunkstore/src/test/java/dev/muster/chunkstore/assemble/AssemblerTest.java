package dev.muster.chunkstore.assemble;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.muster.chunkstore.Progress;
import dev.muster.chunkstore.codec.FrameCodec;
import dev.muster.chunkstore.store.ChunkSource;
import dev.muster.chunkstore.store.MemoryChunkStore;
import dev.muster.chunkstore.store.RandomImage;
import dev.muster.chunkstore.store.SegmentStore;
import dev.muster.chunkstore.store.StoreSettings;
import dev.muster.protocol.MusterException.Corrupt;
import dev.muster.protocol.MusterException.TargetRefused;
import dev.muster.protocol.MusterException.Unreachable;
import dev.muster.protocol.content.Chunk;
import dev.muster.protocol.content.ChunkHeader;
import dev.muster.protocol.content.ChunkId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class AssemblerTest {
    @TempDir
    private Path dir;

    private final ExecutorService threads = Executors.newFixedThreadPool(3);
    private final FrameCodec codec = new FrameCodec();
    private final Assembler assembler = new Assembler(codec, threads, 4);
    private final Verifier verifier = new Verifier(threads, 4);

    @AfterEach
    void close() {
        threads.close();
        codec.close();
    }

    @Test
    void randomImagesComeOutOfAStoreAsTheyWentIn() throws IOException {
        for (long seed = 1; seed <= 15; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            RandomImage image = RandomImage.of(random, 600, random.nextInt(1, 257));
            Path root = dir.resolve("store-" + seed);
            Path target = dir.resolve("image-" + seed);
            try (SegmentStore store = SegmentStore.open(root, dir.resolve("run"), StoreSettings.defaults(), codec)) {
                image.installInto(store);
            }
            try (SegmentStore store = SegmentStore.open(root, dir.resolve("run"), StoreSettings.defaults(), codec)) {
                AssembleReport report = assemble(image, store, target);

                assertArrayEquals(image.bytes(), Files.readAllBytes(target), "seed " + seed);
                assertEquals(image.length(), report.writtenBytes() + report.zeroBytes(), "seed " + seed);
                assertEquals(0, report.keptBytes());
                assertEquals(
                        new Verdict.Same(image.length()),
                        verifier.verify(image.manifest(), store, target, Progress.NONE),
                        "seed " + seed);
            }
        }
    }

    @Test
    void aChangedByteIsFoundAndItsBlockNamed() throws IOException {
        for (long seed = 1; seed <= 40; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            RandomImage image = RandomImage.of(random, 2000, 100);
            MemoryChunkStore store = stored(image);
            byte[] bytes = image.bytes();
            int first = bytes.length;
            for (int i = 0; i < 3; i++) {
                int at = random.nextInt(bytes.length);
                bytes[at] ^= 1;
                first = Math.min(first, at);
            }
            Path target = Files.write(dir.resolve("target"), bytes);

            Verdict verdict = verifier.verify(image.manifest(), store, target, Progress.NONE);

            Verdict.Differs differs = assertInstanceOf(Verdict.Differs.class, verdict, "seed " + seed);
            assertEquals(first / 4096, differs.block(), "seed " + seed);
            assertEquals(first / 4096 * 4096L, differs.offset());
            assertFalse(differs.expected().equals(differs.found()));
        }
    }

    @Test
    void anotherLengthIsFound() throws IOException {
        RandomImage image = RandomImage.of(new SplittableRandom(1), 100, 30);
        MemoryChunkStore store = stored(image);
        byte[] longer = java.util.Arrays.copyOf(image.bytes(), image.length() + 1);
        byte[] shorter = java.util.Arrays.copyOf(image.bytes(), image.length() - 1);

        assertEquals(
                new Verdict.WrongLength(image.length(), image.length() + 1L),
                verifier.verify(image.manifest(), store, Files.write(dir.resolve("l"), longer), Progress.NONE));
        assertEquals(
                new Verdict.WrongLength(image.length(), image.length() - 1L),
                verifier.verify(image.manifest(), store, Files.write(dir.resolve("s"), shorter), Progress.NONE));
        assertThrows(
                TargetRefused.class,
                () -> verifier.verify(image.manifest(), store, dir.resolve("none"), Progress.NONE));
    }

    @Test
    void afterAFailureThereIsNoFileOrTheOldOne() throws IOException {
        RandomImage image = RandomImage.of(new SplittableRandom(3), 2000, 20);
        Path fresh = dir.resolve("fresh");
        Path old = Files.writeString(dir.resolve("old"), "what was there");
        for (Path target : List.of(fresh, old)) {
            MemoryChunkStore damaged = stored(image);
            ChunkId last = image.manifest().chunks().getLast().id();
            damaged.damage(last, 0);

            Corrupt e = assertThrows(Corrupt.class, () -> assemble(image, damaged, target));
            assertTrue(e.toString().contains("chunk " + last), e.toString());
            assertThrows(Unreachable.class, () -> assemble(image, new MemoryChunkStore(), target));
        }
        assertEquals(List.of("old"), names());
        assertEquals("what was there", Files.readString(old));
    }

    @Test
    void whatWasKilledInTheMiddleIsNoFileAndDoesNotStandInTheWay() throws IOException {
        RandomImage image = RandomImage.of(new SplittableRandom(4), 500, 20);
        Path target = dir.resolve("disk");
        Files.write(dir.resolve("disk.part"), new byte[image.length() + 5000]);

        assertFalse(Files.exists(target));
        assemble(image, stored(image), target);

        assertArrayEquals(image.bytes(), Files.readAllBytes(target));
        assertEquals(List.of("disk"), names());
    }

    @Test
    void anInterruptedWriteLeavesNothing() throws Exception {
        RandomImage image = RandomImage.of(new SplittableRandom(5), 2000, 8);
        MemoryChunkStore store = stored(image);
        Thread here = Thread.currentThread();
        AtomicInteger reads = new AtomicInteger();
        ChunkSource interrupting = new ChunkSource() {
            @Override
            public Optional<Chunk> chunk(ChunkId id) {
                if (reads.incrementAndGet() == 20) {
                    here.interrupt();
                }
                return store.chunk(id);
            }

            @Override
            public Optional<ChunkHeader> header(ChunkId id) {
                return store.header(id);
            }
        };

        assertThrows(IOException.class, () -> assemble(image, interrupting, dir.resolve("disk")));

        assertTrue(Thread.interrupted());
        assertEquals(List.of(), names());
    }

    @Test
    void twoCannotWriteToOneFile() throws IOException {
        Path path = dir.resolve("disk");
        try (Target first = Target.open(path, 4096)) {
            assertEquals(Target.Content.BLANK, first.content());
            assertThrows(TargetRefused.class, () -> Target.open(path, 4096));
        }
        Target.open(path, 4096).close();
        assertEquals(List.of(), names());
    }

    @Test
    void aReplacedFileKeepsItsPermissions() throws IOException {
        RandomImage image = RandomImage.of(new SplittableRandom(6), 10, 5);
        Path old = Files.writeString(dir.resolve("old"), "secret");
        Files.setPosixFilePermissions(old, PosixFilePermissions.fromString("rw-------"));
        Path link = Files.createSymbolicLink(dir.resolve("link"), old);

        assemble(image, stored(image), link);

        assertArrayEquals(image.bytes(), Files.readAllBytes(old));
        assertTrue(Files.isSymbolicLink(link));
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(old)));
    }

    @Test
    void whatCannotHoldAnImageIsRefused() throws IOException {
        Path link = Files.createSymbolicLink(dir.resolve("link"), dir.resolve("nothing"));
        for (Path path : List.of(dir, dir.resolve("none/disk"), Path.of("/dev/null"), link)) {
            assertThrows(TargetRefused.class, () -> Target.open(path, 4096), path.toString());
        }
        try (Target target = Target.open(dir.resolve("disk"), 1L << 40)) {
            TargetRefused e = assertThrows(TargetRefused.class, () -> target.reserve(Long.MAX_VALUE));
            assertTrue(e.toString().contains("expected room for 9223372036854775807 bytes, found "), e.toString());
        }
    }

    @Test
    void zerosTakeNoRoomInAFile() throws IOException {
        byte[] zeros = new byte[1];
        try (Target target = Target.open(dir.resolve("disk"), 1L << 30)) {
            target.write(java.nio.ByteBuffer.wrap(zeros), 12345);
            target.commit();
        }

        assertEquals(1L << 30, Files.size(dir.resolve("disk")));
        assertTrue(usedBytes(dir.resolve("disk")) <= 1 << 20);
    }

    private AssembleReport assemble(RandomImage image, ChunkSource source, Path path) throws IOException {
        try (Target target = Target.open(path, image.length())) {
            Plan plan = assembler.plan(image.manifest(), source, target, Progress.NONE);
            return assembler.run(plan, source, target, Progress.NONE);
        }
    }

    private static MemoryChunkStore stored(RandomImage image) throws IOException {
        MemoryChunkStore store = new MemoryChunkStore();
        image.installInto(store);
        return store;
    }

    private List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(dir)) {
            return files.map(file -> String.valueOf(file.getFileName()))
                    .sorted()
                    .toList();
        }
    }

    private static long usedBytes(Path file) throws IOException {
        Process du = new ProcessBuilder("du", "--block-size=1", file.toString()).start();
        String line = new String(du.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        return Long.parseLong(line.substring(0, line.indexOf('\t')));
    }
}
