package dev.muster.chunkstore.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.muster.protocol.content.Block;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/// Reads whole images, the way that whoever packs them does.
public final class ImageBytes {
    private ImageBytes() {}

    /// What the guest reads; on the way, that runs cover the image and that zeros and holes read as zeros.
    public static ByteBuffer read(DiskImage image) throws IOException {
        ByteBuffer all = ByteBuffer.allocate(Math.toIntExact(image.shape().length()));
        for (Run run : runs(image)) {
            ByteBuffer part = all.slice((int) run.offset(), (int) run.length());
            image.read(run.offset(), part);
            assertTrue(run.kind() == Run.Kind.DATA || Block.isZero(part.flip()), () -> run + " reads as zeros");
        }
        return all;
    }

    public static List<Run> runs(DiskImage image) throws IOException {
        List<Run> runs = new ArrayList<>();
        long length = image.shape().length();
        for (long at = 0; at < length; at = runs.getLast().end()) {
            Run run = image.run(at);
            assertEquals(at, run.offset());
            assertTrue(run.end() <= length, run::toString);
            runs.add(run);
        }
        return runs;
    }
}
