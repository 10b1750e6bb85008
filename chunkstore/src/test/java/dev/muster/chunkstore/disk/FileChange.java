package dev.muster.chunkstore.disk;

import java.nio.ByteBuffer;
import java.util.random.RandomGenerator;

/// A change of a file that may not be durable yet.
sealed interface FileChange {
    int SECTOR = 512;

    record Write(long at, ByteBuffer bytes) implements FileChange {}

    record Resize(long size) implements FileChange {}

    record Allocate(long bytes, boolean keepSize) implements FileChange {}

    record Punch(long at, long bytes) implements FileChange {}

    /// As much of it as a power cut may leave.
    default FileChange torn(RandomGenerator random) {
        return switch (this) {
            case Write(long at, ByteBuffer bytes) -> {
                int sectors = random.nextInt(bytes.remaining() / SECTOR + 1);
                yield new Write(at, bytes.slice(0, sectors * SECTOR));
            }
            case Punch(long at, long bytes) -> {
                long blocks = random.nextLong(bytes / FileBytes.BLOCK + 1);
                yield new Punch(at, blocks * FileBytes.BLOCK);
            }
            case Resize _, Allocate _ -> this;
        };
    }
}
