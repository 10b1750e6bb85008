package dev.muster.chunkstore.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.muster.protocol.Seeded;
import dev.muster.protocol.content.ImageFixture;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.random.RandomGenerator;

/// What every image does.
public abstract class DiskImageContract {

    /// An image of these bytes.
    protected abstract DiskImage open(ByteBuffer disk) throws IOException;

    @Seeded(runs = 10)
    protected void itIsReadWholeAndAnywhere(RandomGenerator random) throws IOException {
        int blocks = 1 + random.nextInt(100);
        ByteBuffer disk = ImageFixture.disk(random, blocks).limit(blocks * 4096 - 512 * random.nextInt(8));
        try (DiskImage image = open(disk)) {
            assertEquals(disk.limit(), image.shape().length());
            assertEquals(disk, ImageBytes.read(image));
            for (int i = 0; i < 20; i++) {
                int from = random.nextInt(disk.limit());
                ByteBuffer part = ByteBuffer.allocate(random.nextInt(Math.min(20_000, disk.limit() - from) + 1));
                image.read(from, part);
                assertEquals(disk.slice(from, part.limit()), part.flip());

                Run run = image.run(from);
                assertEquals(from, run.offset());
            }
        }
    }

    @Seeded(runs = 3)
    protected void whatIsOutsideIsACallersMistake(RandomGenerator random) throws IOException {
        ByteBuffer disk = ImageFixture.disk(random, 10);
        try (DiskImage image = open(disk)) {
            assertThrows(IndexOutOfBoundsException.class, () -> image.read(-1, ByteBuffer.allocate(1)));
            assertThrows(IndexOutOfBoundsException.class, () -> image.read(40_960, ByteBuffer.allocate(1)));
            assertThrows(IndexOutOfBoundsException.class, () -> image.read(40_000, ByteBuffer.allocate(961)));
            assertThrows(IndexOutOfBoundsException.class, () -> image.run(-1));
            assertThrows(IndexOutOfBoundsException.class, () -> image.run(40_960));
        }
    }
}
