package dev.muster.chunkstore.volume;

import dev.muster.chunkstore.Hushed;
import dev.muster.chunkstore.disk.FaultDisk;
import dev.muster.protocol.content.Block;
import dev.muster.protocol.content.Extent;
import dev.muster.protocol.content.ImageFixture;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.extension.ExtendWith;

/// A store, its volumes and three versions of an image, on a disk in memory; quiet about what goes wrong on purpose.
@ExtendWith(Hushed.class)
abstract class VolumeSetup {
    static final Path TARGET = Path.of("/disk/target");
    static final Path OTHER = Path.of("/disk/other");
    static final int WINDOW = 16 * Block.BYTES;

    final SplittableRandom random = new SplittableRandom(11);
    final ImageFixture one = ImageFixture.seeded(random, 200);
    final ImageFixture two = next(one);
    final ImageFixture three = next(two);
    final FaultDisk disk = new FaultDisk(256 << 20);
    VolumeHost host = open();

    VolumeSetup() throws IOException {}

    /// With one chunk gone, some blocks changed, and chunks of which not all is used.
    private static ImageFixture next(ImageFixture before) {
        ByteBuffer edited =
                ByteBuffer.allocate(before.disk().limit()).put(before.disk()).flip();
        Layout layout = new Layout(before.manifest());
        for (Extent use : layout.uses(1)) {
            edited.put((int) use.firstBlock() * Block.BYTES, new byte[Block.BYTES]);
        }
        return before.next(edited, id -> id.equals(before.chunkIds().get(1)), 30);
    }

    final VolumeHost open() throws IOException {
        if (!disk.exists(TARGET.getParent())) {
            disk.makeDirectory(TARGET.getParent());
        }
        return VolumeHost.open(disk, VolumeHost.ROOT, VolumeHost.targets(false), WINDOW);
    }

    final void reopen() throws IOException {
        host.close();
        host = open();
    }

    @AfterEach
    final void close() throws IOException {
        host.close();
    }
}
