package dev.muster.bench.net;

import dev.muster.chunkstore.Progress;
import dev.muster.chunkstore.codec.FrameCodec;
import dev.muster.chunkstore.image.DiskImage;
import dev.muster.chunkstore.pack.Packed;
import dev.muster.chunkstore.pack.Packer;
import dev.muster.chunkstore.store.SegmentStore;
import dev.muster.chunkstore.store.StoreSettings;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/// Makes the images of the measurement and puts them into the source's store.
final class LinkImages {
    private static final int STEP = 1 << 16;
    private static final int WORDS = 4096;

    private final Path directory;
    private final Random random = new Random(3);

    LinkImages(Path directory) {
        this.directory = directory;
    }

    /// What the bytes of an image are.
    enum Kind {
        RANDOM,
        WORDS
    }

    /// One image in the source's store.
    record Image(Kind kind, String manifest, long bytes, long wireBytes) {}

    Image publish(Kind kind, long bytes, Path store) throws IOException {
        Path file = directory.resolve("image.raw");
        write(kind, bytes, file);
        int threads = Runtime.getRuntime().availableProcessors();
        try (ExecutorService pool = Executors.newFixedThreadPool(threads);
                FrameCodec codec = new FrameCodec();
                SegmentStore kept =
                        SegmentStore.open(store, store.resolveSibling("run"), StoreSettings.defaults(), codec);
                DiskImage image = DiskImage.open(file)) {
            Packed packed = new Packer(codec, pool, threads, Progress.NONE).pack(image, List.of(), kept);
            for (byte[] page : packed.encoded().pages().values()) {
                kept.putPage(page);
            }
            kept.putHead(packed.manifest().head().encode());
            kept.install(packed.manifest());
            return new Image(
                    kind,
                    packed.manifest().id().toString(),
                    bytes,
                    packed.manifest().wireBytes());
        } finally {
            Files.delete(file);
        }
    }

    private void write(Kind kind, long bytes, Path file) throws IOException {
        byte[] step = new byte[STEP];
        byte[][] words = new byte[WORDS][];
        for (int i = 0; i < WORDS; i++) {
            words[i] = new byte[4 + random.nextInt(8)];
            random.nextBytes(words[i]);
        }
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file), STEP)) {
            for (long at = 0; at < bytes; at += STEP) {
                switch (kind) {
                    case RANDOM -> random.nextBytes(step);
                    case WORDS -> fill(step, words);
                }
                out.write(step);
            }
        }
    }

    private void fill(byte[] step, byte[][] words) {
        for (int at = 0; at < STEP; ) {
            byte[] word = words[random.nextInt(WORDS)];
            int length = Math.min(word.length, STEP - at);
            System.arraycopy(word, 0, step, at, length);
            at += length;
        }
    }
}
