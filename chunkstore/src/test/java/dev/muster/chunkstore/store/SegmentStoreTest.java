package dev.muster.chunkstore.store;

import dev.muster.chunkstore.codec.FrameCodec;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;

final class SegmentStoreTest extends ChunkStoreContract {
    @TempDir
    private Path dir;

    private final FrameCodec codec = new FrameCodec();
    private int others;

    @Override
    protected ChunkStore open() throws IOException {
        return SegmentStore.open(dir.resolve("store"), dir.resolve("run"), StoreSettings.defaults(), codec);
    }

    @Override
    protected ChunkStore openOther() throws IOException {
        others++;
        return SegmentStore.open(dir.resolve("store" + others), dir.resolve("run"), StoreSettings.defaults(), codec);
    }

    @AfterEach
    void closeCodec() {
        codec.close();
    }
}
