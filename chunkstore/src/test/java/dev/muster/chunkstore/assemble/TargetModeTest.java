package dev.muster.chunkstore.assemble;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.muster.chunkstore.Progress;
import dev.muster.chunkstore.assemble.Target.Mode;
import dev.muster.chunkstore.codec.FrameCodec;
import dev.muster.chunkstore.linux.LinuxFile;
import dev.muster.chunkstore.linux.RangeCalls;
import dev.muster.chunkstore.store.MemoryChunkStore;
import dev.muster.chunkstore.store.RandomImage;
import dev.muster.protocol.MusterException.Corrupt;
import dev.muster.protocol.MusterException.TargetRefused;
import dev.muster.protocol.MusterException.Unreachable;
import dev.muster.protocol.content.Block;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What becomes of files that are there: replaced, written over, or left alone.
final class TargetModeTest {
    @TempDir
    private Path dir;

    private final ExecutorService threads = Executors.newFixedThreadPool(3);
    private final FrameCodec codec = new FrameCodec();
    private final Assembler assembler = new Assembler(codec, threads, 4);

    @AfterEach
    void close() {
        threads.close();
        codec.close();
    }

    @Test
    void whateverWasThereAndWhateverTheKernelCanTheImageIsThereAfterwards() throws IOException {
        for (long seed = 1; seed <= 20; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            RandomImage image = RandomImage.of(random, 800, random.nextInt(1, 257));
            MemoryChunkStore store = stored(image);
            byte[] before = before(random, image);
            for (Mode mode : Mode.values()) {
                for (RangeCalls calls : List.of(RangeCalls.LINUX, RangeCalls.NONE)) {
                    String what = "seed " + seed + ", " + mode + ", " + calls;
                    Path path = Files.write(dir.resolve("disk"), before);
                    try (Target target = Target.open(path, image.length(), mode, calls)) {
                        Plan plan = assembler.plan(image.manifest(), store, target, Progress.NONE);
                        AssembleReport report = assembler.run(plan, store, target, Check.FULL, Progress.NONE);

                        Plan.Bytes bytes = plan.bytes();
                        assertEquals(image.length(), bytes.keep() + bytes.zero() + bytes.decode(), what);
                        assertEquals(new AssembleReport(bytes.decode(), bytes.zero(), bytes.keep(), 0), report, what);
                    }
                    assertArrayEquals(image.bytes(), Files.readAllBytes(path), what);
                    Files.delete(path);
                }
            }
        }
    }

    @Test
    void aFileInPlaceIsWrittenOnlyWhereItIsWrong() throws IOException {
        SplittableRandom random = new SplittableRandom(8);
        RandomImage image = RandomImage.ofBlocks(random, 4000, 200);
        MemoryChunkStore store = stored(image);
        byte[] bytes = image.bytes();
        int changed = 0;
        for (int at = 0; at < bytes.length; at += 37 * Block.BYTES) {
            bytes[at] ^= 1;
            changed++;
        }
        Path path = Files.write(dir.resolve("disk"), bytes);
        Object inode = inode(path);

        AssembleReport report = assemble(image, store, path, Mode.IN_PLACE);

        assertTrue(report.writtenBytes() + report.zeroBytes() <= (long) changed * Block.BYTES);
        assertArrayEquals(image.bytes(), Files.readAllBytes(path));
        assertEquals(inode, inode(path));
        assertEquals(List.of("disk"), names());
    }

    @Test
    void zerosInPlaceGiveTheirRoomBack() throws IOException {
        int length = 64 << 20;
        byte[] noise = new byte[length];
        new SplittableRandom(10).nextBytes(noise);
        Path path = Files.write(dir.resolve("disk"), noise);
        try (Target target = Target.open(path, length, Mode.IN_PLACE)) {
            target.zero(0, length, false);
            target.flush(Progress.NONE);
            target.commit();
        }

        assertArrayEquals(new byte[length], Files.readAllBytes(path));
        try (LinuxFile file = LinuxFile.openToRead(path)) {
            assertEquals(Long.MAX_VALUE, file.nextData(0), "no room is taken");
        }
    }

    @Test
    void aFileThatIsRightAlreadyIsLeftAlone() throws IOException {
        RandomImage image = RandomImage.ofBlocks(new SplittableRandom(11), 700, 50);
        Path path = Files.write(dir.resolve("disk"), image.bytes());
        Object inode = inode(path);
        Object modified = Files.getLastModifiedTime(path);

        AssembleReport report = assemble(image, stored(image), path, Mode.REPLACE);

        assertEquals(new AssembleReport(0, 0, image.length(), 0), report);
        assertEquals(inode, inode(path));
        assertEquals(modified, Files.getLastModifiedTime(path));
        assertEquals(List.of("disk"), names());
    }

    @Test
    void aFileThatIsLongerIsReplacedAlthoughItBeginsRight() throws IOException {
        RandomImage image = RandomImage.ofBlocks(new SplittableRandom(12), 300, 50);
        Path path = Files.write(dir.resolve("disk"), Arrays.copyOf(image.bytes(), image.length() + 1));

        AssembleReport _ = assemble(image, stored(image), path, Mode.REPLACE);

        assertArrayEquals(image.bytes(), Files.readAllBytes(path));
    }

    @Test
    void aFileThatSomebodyUsesIsNotWrittenOver() throws IOException {
        Path path = Files.write(dir.resolve("disk"), new byte[4096]);
        try (Target target = Target.open(path, 4096, Mode.IN_PLACE)) {
            assertEquals(Target.Content.OWN, target.content());
            TargetRefused e = assertThrows(TargetRefused.class, () -> Target.open(path, 4096, Mode.IN_PLACE));
            assertTrue(e.toString().endsWith("expected one that nobody uses, found another who does"), e.toString());
        }
        try (FileChannel machine = FileChannel.open(path, StandardOpenOption.WRITE);
                FileLock lock = machine.lock()) {
            assertTrue(lock.isValid());
            assertThrows(TargetRefused.class, () -> Target.open(path, 4096, Mode.IN_PLACE));
        }
        Target.open(path, 4096, Mode.IN_PLACE).close();
    }

    @Test
    void whatIsMissingIsInThePlanToTheByteAndHasToBeHereWhenItIsCarriedOut() throws IOException {
        for (Mode mode : Mode.values()) {
            RandomImage image = RandomImage.ofBlocks(new SplittableRandom(13), 900, 40);
            MemoryChunkStore store = stored(image);
            for (int i = 0; i < image.chunks().size(); i += 3) {
                store.remove(image.manifest().chunks().get(i).id());
            }
            byte[] before = image.bytes();
            before[image.length() / 2] ^= 1;
            Path path = Files.write(dir.resolve("disk"), before);

            try (Target target = Target.open(path, image.length(), mode)) {
                Plan plan = assembler.plan(image.manifest(), store, target, Progress.NONE);

                assertTrue(plan.bytes().fetch() > 0);
                assertThrows(Unreachable.class, () -> assembler.run(plan, store, target, Progress.NONE));
                assertArrayEquals(before, Files.readAllBytes(path), "nothing was written");

                image.installInto(store);
                AssembleReport report = assembler.run(plan, store, target, Progress.NONE);
                assertEquals(plan.bytes().written(), report.writtenBytes());
            }
            assertArrayEquals(image.bytes(), Files.readAllBytes(path));
        }
    }

    @Test
    void whatDoesNotComeBackIsNotCommitted() throws IOException {
        RandomImage image = RandomImage.ofBlocks(new SplittableRandom(14), 500, 40);
        Path path = Files.writeString(dir.resolve("disk"), "what was there");
        Progress rotting = new Progress() {
            @Override
            public void phase(String name, long totalBytes) {
                if (name.equals("verify")) {
                    flipBit(dir.resolve("disk.part"), image.length() / 3);
                }
            }

            @Override
            public void advance(long bytes) {}
        };
        try (Target target = Target.open(path, image.length())) {
            MemoryChunkStore store = stored(image);
            Plan plan = assembler.plan(image.manifest(), store, target, Progress.NONE);

            Corrupt e = assertThrows(Corrupt.class, () -> assembler.run(plan, store, target, Check.FULL, rotting));

            assertTrue(e.toString().contains("expected block " + image.length() / 3 / 4096 + " to be "), e.toString());
        }
        assertEquals("what was there", Files.readString(path));
        assertEquals(List.of("disk"), names());
    }

    @Test
    void everyPhaseComesToItsEnd() throws IOException {
        RandomImage image = RandomImage.ofBlocks(new SplittableRandom(15), 2000, 100);
        byte[] before = image.bytes();
        before[0] ^= 1;
        Path path = Files.write(dir.resolve("disk"), before);
        Tally tally = new Tally();
        try (Target target = Target.open(path, image.length(), Mode.IN_PLACE)) {
            MemoryChunkStore store = stored(image);
            Plan plan = assembler.plan(image.manifest(), store, target, tally);
            AssembleReport _ = assembler.run(plan, store, target, Check.FULL, tally);
        }

        assertEquals(List.of("compare", "write", "flush", "verify"), tally.names);
        assertEquals(tally.totals, tally.done);
    }

    /// What each phase came to.
    private static final class Tally implements Progress {
        private final List<String> names = new ArrayList<>();
        private final List<Long> totals = new ArrayList<>();
        private final List<Long> done = new ArrayList<>();

        @Override
        public synchronized void phase(String name, long totalBytes) {
            names.add(name);
            totals.add(totalBytes);
            done.add(0L);
        }

        @Override
        public synchronized void advance(long bytes) {
            done.add(done.removeLast() + bytes);
        }
    }

    /// Parts of the image, noise, zeros and holes, of another length.
    private static byte[] before(SplittableRandom random, RandomImage image) {
        byte[] bytes = Arrays.copyOf(
                image.bytes(), random.nextBoolean() ? image.length() : random.nextInt(2 * image.length() + 1));
        for (int i = random.nextInt(6); i > 0 && bytes.length > 0; i--) {
            int from = random.nextInt(bytes.length);
            byte[] noise = new byte[random.nextInt(Math.min(1 << 20, bytes.length - from) + 1)];
            if (random.nextBoolean()) {
                random.nextBytes(noise);
            }
            System.arraycopy(noise, 0, bytes, from, noise.length);
        }
        return bytes;
    }

    private AssembleReport assemble(RandomImage image, MemoryChunkStore store, Path path, Mode mode)
            throws IOException {
        try (Target target = Target.open(path, image.length(), mode)) {
            Plan plan = assembler.plan(image.manifest(), store, target, Progress.NONE);
            return assembler.run(plan, store, target, Progress.NONE);
        }
    }

    private static MemoryChunkStore stored(RandomImage image) throws IOException {
        MemoryChunkStore store = new MemoryChunkStore();
        image.installInto(store);
        return store;
    }

    private static void flipBit(Path path, long at) {
        try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
            file.seek(at);
            int b = file.read();
            file.seek(at);
            file.write(b ^ 1);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(dir)) {
            return files.map(file -> String.valueOf(file.getFileName()))
                    .sorted()
                    .toList();
        }
    }

    private static Object inode(Path file) throws IOException {
        return Files.getAttribute(file, "unix:ino");
    }
}
