package dev.muster.chunkstore.store;

import dev.muster.chunkstore.codec.FrameCodec;
import dev.muster.chunkstore.disk.Disk;
import java.io.IOException;
import java.nio.file.Path;

/// Stores on a disk of a test's own.
public final class StoreFixture {
    private StoreFixture() {}

    /// A store that nobody locks.
    public static SegmentStore open(Disk disk, Path root, StoreSettings settings, FrameCodec codec) throws IOException {
        return SegmentStore.open(StoreDirectory.open(disk, root), settings, codec, () -> {});
    }
}
