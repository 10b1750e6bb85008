package dev.muster.chunkstore.volume;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.muster.chunkstore.Progress;
import dev.muster.chunkstore.codec.FrameCodec;
import dev.muster.chunkstore.disk.Disk;
import dev.muster.chunkstore.disk.DiskFile;
import dev.muster.chunkstore.store.SegmentStore;
import dev.muster.chunkstore.store.StoreFixture;
import dev.muster.chunkstore.store.StoreSettings;
import dev.muster.protocol.content.Chunk;
import dev.muster.protocol.content.ChunkId;
import dev.muster.protocol.content.ImageFixture;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;

/// A store and its volumes, opened on a disk, and what an agent does with them; for tests. Work is done by
/// the calling thread, and only flushes commit, so that one seed always gives the same operations.
final class VolumeHost implements Closeable {
    static final Path ROOT = Path.of("/store");
    static final FrameCodec CODEC = new FrameCodec();
    private static final StoreSettings SETTINGS =
            new StoreSettings(4 << 20, 0, 64 << 20, Duration.ofHours(1), 64 << 20, 1500);

    private final SegmentStore store;
    private final Volumes volumes;

    private VolumeHost(SegmentStore store, Volumes volumes) {
        this.store = store;
        this.volumes = volumes;
    }

    static VolumeHost open(Disk disk, Path root, Targets targets, int windowBytes) throws IOException {
        return open(disk, root, targets, new Tools(CODEC, Runnable::run, 1, windowBytes));
    }

    static VolumeHost open(Disk disk, Path root, Targets targets, Tools tools) throws IOException {
        SegmentStore store = StoreFixture.open(disk, root, SETTINGS, CODEC);
        try {
            return new VolumeHost(store, Volumes.open(store, targets, tools));
        } catch (IOException e) {
            store.close();
            throw e;
        }
    }

    /// Targets that nobody else uses, and that are called what they are.
    static Targets targets(boolean devices) {
        return new Targets() {
            @Override
            public Path real(Path target) {
                return target;
            }

            @Override
            public Claim claim(Path target) {
                return new Claim(devices, () -> {});
            }
        };
    }

    SegmentStore store() {
        return store;
    }

    Volumes volumes() {
        return volumes;
    }

    /// Everything of an image that is not here.
    ///
    /// @return how many chunks were missing
    int fetch(ImageFixture image) throws IOException {
        putManifest(image);
        int missing = 0;
        for (ChunkId id : image.chunkIds()) {
            if (!store.has(id)) {
                store.put(chunk(image, id));
                missing++;
            }
        }
        store.install(image.manifest());
        return missing;
    }

    void putManifest(ImageFixture image) throws IOException {
        store.putHead(image.manifest().head().encode());
        for (byte[] page : image.encoded().pages().values()) {
            store.putPage(page);
        }
    }

    static Chunk chunk(ImageFixture image, ChunkId id) {
        return CODEC.encode(image.chunk(id).header(), image.raw(id));
    }

    /// Fetches an image onto a target.
    void fill(Path target, ImageFixture image) throws IOException {
        putManifest(image);
        try (Fill fill = volumes.fill(target, image.manifest(), store, Progress.NONE)) {
            fetch(image);
            fill.finish(Progress.NONE);
        }
    }

    void convert(Path target, ImageFixture image, Undo undo) throws IOException {
        try (Conversion conversion = volumes.convert(target, image.manifest(), Progress.NONE)) {
            conversion.run(undo, Progress.NONE);
        }
    }

    /// Every chunk of an image is here, and right.
    void assertWhole(ImageFixture image) throws IOException {
        for (ChunkId id : image.chunkIds()) {
            assertTrue(store.has(id), "a chunk is lost");
            assertRight(image, id);
        }
    }

    void assertRight(ImageFixture image, ChunkId id) throws IOException {
        assertEquals(image.raw(id), CODEC.decode(store.chunk(id).orElseThrow()));
    }

    static void assertHolds(Disk disk, Path target, ImageFixture image) throws IOException {
        try (DiskFile file = disk.open(target)) {
            ByteBuffer bytes = ByteBuffer.allocate(image.disk().limit());
            file.read(bytes, 0);
            assertEquals(-1, image.disk().mismatch(bytes.flip()), "first wrong byte");
        }
    }

    Volume volume(Path target) throws IOException {
        return volumes.volume(target).orElseThrow();
    }

    @Override
    public void close() throws IOException {
        try (store) {
            volumes.close();
        }
    }
}
