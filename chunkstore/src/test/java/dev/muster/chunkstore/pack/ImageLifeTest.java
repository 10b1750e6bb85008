package dev.muster.chunkstore.pack;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.muster.chunkstore.Progress;
import dev.muster.chunkstore.assemble.Assembler;
import dev.muster.chunkstore.assemble.Target;
import dev.muster.chunkstore.codec.FrameCodec;
import dev.muster.chunkstore.image.DiskImage;
import dev.muster.chunkstore.store.SegmentStore;
import dev.muster.chunkstore.store.StoreSettings;
import dev.muster.protocol.content.ImageFixture;
import dev.muster.protocol.content.Manifest;
import dev.muster.protocol.content.ManifestId;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The whole way of an image through this module: file, chunks, store, file.
class ImageLifeTest {
    @TempDir
    private Path folder;

    @Test
    void twoVersionsGoThroughTheStoreAndComeBack() throws IOException {
        RandomGenerator random = new SplittableRandom(4);
        ByteBuffer first = ImageFixture.disk(random, 900);
        ByteBuffer second = Edits.edited(first, random, 6);

        ManifestId one = publish(first, List.of());
        ManifestId two = publish(second, List.of(one));

        assertEquals(first, restore(one));
        assertEquals(second, restore(two));
    }

    private ManifestId publish(ByteBuffer disk, List<ManifestId> parents) throws IOException {
        Path file = folder.resolve("disk.raw");
        byte[] bytes = new byte[disk.limit()];
        disk.get(0, bytes);
        Files.write(file, bytes);
        try (FrameCodec codec = new FrameCodec();
                SegmentStore store = open(codec);
                ExecutorService pool = Executors.newFixedThreadPool(2);
                DiskImage image = DiskImage.open(file)) {
            Packer packer = new Packer(codec, pool, 2, Progress.NONE);
            List<Parent> known =
                    parents.isEmpty() ? List.of() : List.of(new Parent(store.manifest(parents.getFirst()), store));
            Packed packed = packer.pack(image, known, store);
            store.putHead(packed.manifest().head().encode());
            for (byte[] page : packed.encoded().pages().values()) {
                store.putPage(page);
            }
            store.install(packed.manifest());
            return packed.manifest().id();
        }
    }

    private ByteBuffer restore(ManifestId id) throws IOException {
        Path file = folder.resolve(id.hash().brief());
        try (FrameCodec codec = new FrameCodec();
                SegmentStore store = open(codec);
                ExecutorService pool = Executors.newFixedThreadPool(2)) {
            Manifest manifest = store.manifest(id);
            Assembler assembler = new Assembler(codec, pool, 4);
            try (Target target = Target.open(file, manifest.shape().length())) {
                assembler.run(assembler.plan(manifest, store, target, Progress.NONE), store, target, Progress.NONE);
            }
        }
        return ByteBuffer.wrap(Files.readAllBytes(file));
    }

    private SegmentStore open(FrameCodec codec) throws IOException {
        return SegmentStore.open(folder.resolve("store"), folder.resolve("run"), StoreSettings.defaults(), codec);
    }
}
