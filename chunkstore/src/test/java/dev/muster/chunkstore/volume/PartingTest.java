package dev.muster.chunkstore.volume;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.muster.chunkstore.disk.FaultDisk;
import dev.muster.protocol.MusterException.TargetRefused;
import dev.muster.protocol.content.Block;
import dev.muster.protocol.content.Extent;
import dev.muster.protocol.content.ImageFixture;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What becomes of images that a volume lets go, and of those that share chunks with them.
final class PartingTest {
    private static final Path TARGET = Path.of("/disk/target");
    private static final Path OTHER = Path.of("/disk/other");
    private static final int WINDOW = 16 * Block.BYTES;
    private static final Logger QUIET = Logger.getLogger("dev.muster.chunkstore");

    private final SplittableRandom random = new SplittableRandom(11);
    private final ImageFixture one = ImageFixture.seeded(random, 200);
    private final ImageFixture two = next(one);
    private final FaultDisk disk = new FaultDisk(256 << 20);
    private VolumeHost host = open();

    PartingTest() throws IOException {}

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

    private VolumeHost open() throws IOException {
        if (!disk.exists(TARGET.getParent())) {
            disk.makeDirectory(TARGET.getParent());
        }
        return VolumeHost.open(disk, VolumeHost.ROOT, VolumeHost.targets(false), WINDOW);
    }

    private void reopen() throws IOException {
        host.close();
        host = open();
    }

    @BeforeEach
    void hush() {
        QUIET.setLevel(Level.OFF);
    }

    @AfterEach
    void close() throws IOException {
        QUIET.setLevel(null);
        host.close();
    }

    @Test
    void anImageThatIsGivenUpIsInstalledNoLongerAndNoRefNamesIt() throws IOException {
        host.fill(TARGET, one);
        host.store().point("disk", one.manifest().id());
        host.fetch(two);
        host.convert(TARGET, two, Undo.KEEP);
        host.store().point("disk", two.manifest().id());

        host.volumes().forgetUndo(TARGET);

        assertEquals(List.of(two.manifest().id()), host.store().installed());
        assertEquals(List.of(), host.store().ref("disk").orElseThrow().previous());
        reopen();
        assertEquals(List.of(two.manifest().id()), host.store().installed());
    }

    @Test
    void anImageThatIsOverwrittenIsInstalledNoLongerAndNoRefNamesIt() throws IOException {
        host.fill(TARGET, one);
        host.store().point("disk", one.manifest().id());
        host.fetch(two);

        host.convert(TARGET, two, Undo.GIVE_UP);

        assertEquals(Optional.empty(), host.store().ref("disk"));
        assertEquals(List.of(two.manifest().id()), host.store().installed());
        reopen();
        host.assertWhole(two);
    }

    @Test
    void whatAKeptImageNeedsStaysWhenAVolumeLetsGo() throws IOException {
        host.fill(TARGET, one);
        host.fetch(two);
        host.store().point("kept", two.manifest().id());

        host.volumes().release(TARGET);

        assertEquals(List.of(two.manifest().id()), host.store().installed());
        host.assertWhole(two);
        reopen();
        host.assertWhole(two);
    }

    @Test
    void anImageThatNothingKeepsEndsWithWhatItNeeded() throws IOException {
        host.fill(TARGET, one);
        host.fetch(two);

        host.volumes().release(TARGET);

        assertEquals(List.of(), host.store().installed());
    }

    @Test
    void aTargetThatWasReplacedIsNoVolume() throws IOException {
        host.fill(TARGET, one);
        disk.create(OTHER).close();
        disk.rename(OTHER, TARGET);

        assertEquals(Optional.empty(), host.volumes().volume(TARGET));
        assertThrows(TargetRefused.class, () -> host.convert(TARGET, one, Undo.KEEP));
        host.fill(TARGET, one);

        VolumeHost.assertHolds(disk, TARGET, one);
        host.assertWhole(one);
    }
}
