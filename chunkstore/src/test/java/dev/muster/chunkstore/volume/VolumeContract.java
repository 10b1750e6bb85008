package dev.muster.chunkstore.volume;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.muster.chunkstore.Progress;
import dev.muster.chunkstore.disk.Disk;
import dev.muster.chunkstore.disk.LocalDisk;
import dev.muster.chunkstore.volume.Volume.Whole;
import dev.muster.protocol.MusterException.TargetRefused;
import dev.muster.protocol.content.ChunkId;
import dev.muster.protocol.content.ImageFixture;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What every kind of target of a real host does.
abstract class VolumeContract {
    private static final int WINDOW = 64 << 10;

    @TempDir
    private Path dir;

    private final SplittableRandom random = new SplittableRandom(5);
    private final List<ImageFixture> versions = Versions.of(random, 4, 300);
    private final ExecutorService threads = Executors.newFixedThreadPool(4);
    private final Disk disk = new LocalDisk();
    private Path target = Path.of("");
    private Optional<VolumeHost> opened = Optional.empty();

    /// A target in a directory, with room for so many bytes.
    abstract Path makeTarget(Path directory, long bytes) throws IOException;

    abstract void closeTarget() throws IOException;

    @BeforeEach
    void open() throws IOException {
        int longest =
                versions.stream().mapToInt(image -> image.disk().limit()).max().orElseThrow();
        target = makeTarget(dir, longest);
    }

    @AfterEach
    void close() throws IOException {
        if (opened.isPresent()) {
            opened.get().close();
        }
        threads.close();
        closeTarget();
    }

    final VolumeHost reopen() throws IOException {
        if (opened.isPresent()) {
            opened.get().close();
        }
        Tools tools = new Tools(VolumeHost.CODEC, threads, 3, WINDOW);
        VolumeHost host = VolumeHost.open(disk, dir.resolve("store"), Targets.ofThisHost(), tools);
        opened = Optional.of(host);
        return host;
    }

    @Test
    void itBecomesOneVersionAfterTheOtherAndBack() throws IOException {
        VolumeHost host = reopen();
        host.fill(target, versions.getFirst());
        for (int i = 1; i < versions.size(); i++) {
            ImageFixture before = versions.get(i - 1);
            ImageFixture next = versions.get(i);
            host.fetch(next);
            host.convert(target, next, Undo.KEEP);
            VolumeHost.assertHolds(disk, target, next);
            assertEquals(0, host.fetch(before), "no network for the way back");
            host.convert(target, before, Undo.KEEP);
            VolumeHost.assertHolds(disk, target, before);
            host.convert(target, next, Undo.KEEP);
            host = reopen();
            host.assertWhole(before);
            host.assertWhole(next);
            assertEquals(
                    new Whole(
                            next.manifest().id(), Optional.of(before.manifest().id())),
                    host.volume(target).state());
            host.volumes().thin(target, Progress.NONE);
            host.volumes().forgetUndo(target);
        }
        host.volumes().release(target);
        VolumeHost.assertHolds(disk, target, versions.getLast());
    }

    @Test
    void everyChunkCanBeReadWhileBlocksMove() throws Exception {
        VolumeHost host = reopen();
        ImageFixture one = versions.getFirst();
        ImageFixture two = versions.getLast();
        host.fill(target, one);
        host.fetch(two);
        host.convert(target, two, Undo.KEEP);
        host.volumes().thin(target, Progress.NONE);
        AtomicBoolean done = new AtomicBoolean();
        Future<Integer> reading = threads.submit(() -> {
            int rounds = 0;
            while (!done.get()) {
                host.assertWhole(one);
                host.assertWhole(two);
                rounds++;
            }
            return rounds;
        });
        for (int i = 0; i < 3; i++) {
            host.convert(target, one, Undo.KEEP);
            host.convert(target, two, Undo.KEEP);
        }
        done.set(true);
        assertTrue(reading.get() > 0);
    }

    @Test
    void manyThreadsFillIt() throws Exception {
        VolumeHost host = reopen();
        ImageFixture image = versions.getFirst();
        host.putManifest(image);
        try (Fill fill = host.volumes().fill(target, image.manifest(), host.store(), Progress.NONE)) {
            Callable<Boolean> putAll = () -> {
                for (ChunkId id : image.chunkIds()) {
                    host.store().put(VolumeHost.chunk(image, id));
                    host.assertRight(image, id);
                }
                host.store().flush();
                return true;
            };
            for (Future<Boolean> done : threads.invokeAll(List.of(putAll, putAll, putAll))) {
                assertTrue(done.get());
            }
            host.store().install(image.manifest());
            fill.finish(Progress.NONE);
        }
        VolumeHost.assertHolds(disk, target, image);
        assertEquals(image.chunkIds().size(), host.store().stat().chunks());
        host.assertWhole(image);
    }

    @Test
    void whatIsNotThereIsRefused() throws IOException {
        VolumeHost host = reopen();
        ImageFixture image = versions.getFirst();
        host.putManifest(image);
        List<Path> bad = List.of(Path.of("/dev/no-such-device"), dir.resolve("no/such/directory"), dir);
        for (Path each : bad) {
            assertThrows(
                    TargetRefused.class,
                    () -> host.volumes().fill(each, image.manifest(), host.store(), Progress.NONE),
                    each.toString());
        }
        assertEquals(List.of(), host.volumes().volumes());
    }

    @Test
    void nobodyElseHasItMeanwhile() throws IOException {
        VolumeHost host = reopen();
        ImageFixture one = versions.getFirst();
        host.putManifest(one);
        Targets targets = Targets.ofThisHost();
        if (!Files.exists(target)) {
            Files.createFile(target);
        }
        Path link = Files.createSymbolicLink(dir.resolve("link"), target);
        try (Fill fill = host.volumes().fill(link, one.manifest(), host.store(), Progress.NONE)) {
            assertThrows(TargetRefused.class, () -> targets.claim(targets.real(target)));
            host.fetch(one);
            fill.finish(Progress.NONE);
        }
        targets.claim(targets.real(target)).close();
        assertEquals(targets.real(target), host.volume(link).target());
        assertFalse(host.volumes().volume(dir.resolve("other")).isPresent());
    }
}
