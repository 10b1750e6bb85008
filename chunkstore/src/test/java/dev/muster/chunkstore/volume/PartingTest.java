package dev.muster.chunkstore.volume;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.muster.protocol.MusterException.TargetRefused;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// What becomes of images that a volume lets go, and of those that share chunks with them.
final class PartingTest extends VolumeSetup {
    PartingTest() throws IOException {}

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
