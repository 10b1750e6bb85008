package dev.muster.agent.activate;

import static dev.muster.protocol.Eventually.eventually;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.muster.agent.activate.VolumeWriter.Overwriting;
import dev.muster.agent.delivery.DeliveryHost;
import dev.muster.chunkstore.Progress;
import dev.muster.chunkstore.codec.FrameCodec;
import dev.muster.chunkstore.store.MemoryChunkStore;
import dev.muster.chunkstore.store.SegmentStore;
import dev.muster.chunkstore.store.StoreSettings;
import dev.muster.chunkstore.volume.Targets;
import dev.muster.chunkstore.volume.Tools;
import dev.muster.chunkstore.volume.Undo;
import dev.muster.chunkstore.volume.Volume;
import dev.muster.chunkstore.volume.Volumes;
import dev.muster.protocol.content.Block;
import dev.muster.protocol.content.ChunkId;
import dev.muster.protocol.content.ImageFixture;
import dev.muster.protocol.net.MemoryPeerNetwork;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/// A target that becomes one image after the other, whatever happened to it in between.
final class VolumeWriterTest {
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final int BLOCKS = 1500;

    private final SplittableRandom random = new SplittableRandom(17);
    private final ImageFixture one = ImageFixture.seeded(random, BLOCKS);
    private final ImageFixture two = next(one, 40);
    private final ImageFixture three = next(two, 700);
    private final MemoryPeerNetwork.Switch network = new MemoryPeerNetwork.Switch();
    private final FrameCodec codec = new FrameCodec();
    private final Path target;
    private final SegmentStore store;
    private final Volumes volumes;
    private final DeliveryHost source;
    private final DeliveryHost host;
    private final VolumeWriter writer;

    VolumeWriterTest(@TempDir(cleanup = CleanupMode.ALWAYS) Path directory) throws IOException {
        this.target = directory.resolve("target.raw");
        this.store = SegmentStore.open(
                directory.resolve("store"), directory.resolve("run"), StoreSettings.defaults(), codec);
        this.volumes = Volumes.open(store, Targets.ofThisHost(), new Tools(codec, Runnable::run, 1, 8 * Block.BYTES));
        this.source = new DeliveryHost("source", network, held(List.of(one, two, three)));
        this.host = new DeliveryHost("host", network, store);
        this.writer = new VolumeWriter(store, volumes, host.delivery);
    }

    /// With `changed` other blocks from the 300th on.
    private ImageFixture next(ImageFixture before, int changed) {
        ByteBuffer edited =
                ByteBuffer.allocate(before.disk().limit()).put(before.disk()).flip();
        byte[] other = new byte[changed * Block.BYTES];
        random.nextBytes(other);
        edited.put(300 * Block.BYTES, other);
        return before.next(edited, _ -> false, 30);
    }

    private MemoryChunkStore held(List<ImageFixture> images) throws IOException {
        MemoryChunkStore held = new MemoryChunkStore();
        for (ImageFixture image : images) {
            for (ChunkId id : image.chunkIds()) {
                held.put(codec.encode(image.chunk(id).header(), image.raw(id)));
            }
            held.putHead(image.manifest().head().encode());
            for (byte[] page : image.encoded().pages().values()) {
                held.putPage(page);
            }
            held.install(image.manifest());
        }
        return held;
    }

    @BeforeEach
    void connect() throws InterruptedException {
        host.connect(source);
        eventually("connected", () -> host.swarms.connections().size() == 1);
    }

    @AfterEach
    void close() throws IOException {
        host.close();
        source.close();
        volumes.close();
        store.close();
        codec.close();
    }

    private void write(ImageFixture image) throws IOException, InterruptedException {
        writer.write(image.manifest().id(), target, Undo.KEEP, Overwriting.UNHEARD, Progress.NONE, PATIENCE);
        assertEquals(-1, image.disk().mismatch(ByteBuffer.wrap(Files.readAllBytes(target))), "first wrong byte");
    }

    private void breakOff(ImageFixture image) throws IOException {
        assertThrows(
                BrokenOff.class,
                () -> writer.write(
                        image.manifest().id(), target, Undo.KEEP, Overwriting.UNHEARD, new BreakingOff(), PATIENCE));
        assertTrue(volumes.volume(target).orElseThrow().state() instanceof Volume.Converting);
    }

    private static final class BrokenOff extends RuntimeException {
        private static final long serialVersionUID = 1;
    }

    /// Breaks a conversion off after its first window.
    private static final class BreakingOff implements Progress {
        private boolean converting;

        @Override
        public void phase(String name, long totalBytes) {
            converting = name.equals("convert");
        }

        @Override
        public void advance(long bytes) {
            if (converting) {
                throw new BrokenOff();
            }
        }
    }

    @Test
    void aConversionThatBrokeOffIsFinished() throws Exception {
        write(one);
        breakOff(three);

        write(three);
    }

    @Test
    void aConversionThatBrokeOffIsTakenBack() throws Exception {
        write(one);
        breakOff(three);

        write(one);
    }

    @Test
    void aThirdImageTakesThePlaceOfTwoHalves() throws Exception {
        write(one);
        breakOff(three);

        write(two);
        write(one);
        write(three);
    }

    @Test
    void aTargetThatIsGoneOrAnotherIsWrittenAnew() throws Exception {
        write(one);
        Files.delete(target);
        write(one);

        Path other = Files.write(target.resolveSibling("other"), new byte[3 * Block.BYTES]);
        Files.move(other, target, StandardCopyOption.REPLACE_EXISTING);
        write(two);
    }

    @Test
    void whatSomebodyElseWroteIsPutRight() throws Exception {
        write(one);
        try (FileChannel channel = FileChannel.open(target, StandardOpenOption.WRITE)) {
            int _ = channel.write(ByteBuffer.wrap(new byte[2 * Block.BYTES]), 7 * Block.BYTES);
        }

        write(one);
    }

    @Test
    void theNameOfWhatIsThereLastsUntilItIsWrittenOver() throws Exception {
        write(one);
        source.close();

        assertThrows(
                IOException.class,
                () -> writer.write(
                        three.manifest().id(),
                        target,
                        Undo.KEEP,
                        () -> {
                            throw new AssertionError("nothing can be written over yet");
                        },
                        Progress.NONE,
                        Duration.ofMillis(300)));
    }
}
