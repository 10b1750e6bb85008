package dev.muster.bench.lab;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;

/// A file of which nothing compresses and nothing repeats; the same for the same seed.
final class RandomImage {
    private static final int PART = 1 << 16;

    private RandomImage() {}

    static Path make(Path file, long length, long seed) throws IOException {
        SplittableRandom random = new SplittableRandom(seed);
        byte[] part = new byte[PART];
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file), PART)) {
            for (long at = 0; at < length; at += PART) {
                random.nextBytes(part);
                out.write(part, 0, (int) Math.min(PART, length - at));
            }
        }
        return file;
    }
}
