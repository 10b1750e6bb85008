package dev.muster.ops;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.util.SplittableRandom;

/// Versions of a disk of noise, sparse behind it. From one to the next a run of bytes at the same place is other noise.
final class Versions {
    private final SplittableRandom random;
    private final int length;
    private final int changeAt;
    private final int changed;
    private final byte[] data;
    private boolean begun;

    /// @param length of the disk
    /// @param noise how many bytes of it there are, at its start
    /// @param changed how many bytes, from `changeAt` on, are other ones in the next version
    Versions(long seed, int length, int noise, int changeAt, int changed) {
        this.random = new SplittableRandom(seed);
        this.length = length;
        this.changeAt = changeAt;
        this.changed = changed;
        this.data = new byte[noise];
    }

    void writeNext(Path image) throws IOException {
        if (begun) {
            byte[] change = new byte[changed];
            random.nextBytes(change);
            System.arraycopy(change, 0, data, changeAt, changed);
        } else {
            random.nextBytes(data);
            begun = true;
        }
        try (RandomAccessFile file = new RandomAccessFile(image.toFile(), "rw")) {
            file.setLength(length);
            file.write(data);
        }
    }
}
