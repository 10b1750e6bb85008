package dev.muster.chunkstore.store;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

final class SegmentStoreTest extends ChunkStoreContract {
    @TempDir
    private Path dir;

    @Override
    protected ChunkStore open() throws IOException {
        return SegmentStore.open(dir.resolve("store"), dir.resolve("run"), StoreSettings.defaults());
    }
}
