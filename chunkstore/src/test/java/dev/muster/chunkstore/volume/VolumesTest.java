package dev.muster.chunkstore.volume;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.muster.chunkstore.Progress;
import dev.muster.chunkstore.disk.DiskFile;
import dev.muster.chunkstore.store.Goal;
import dev.muster.chunkstore.volume.Volume.Converting;
import dev.muster.chunkstore.volume.Volume.Filling;
import dev.muster.chunkstore.volume.Volume.Whole;
import dev.muster.protocol.MusterException.Corrupt;
import dev.muster.protocol.MusterException.StoreRefused;
import dev.muster.protocol.MusterException.TargetRefused;
import dev.muster.protocol.MusterException.Unreachable;
import dev.muster.protocol.content.Block;
import dev.muster.protocol.content.ChunkId;
import dev.muster.protocol.content.ImageFixture;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// What a volume promises, and what it does when somebody else has his hands on the target.
final class VolumesTest extends VolumeSetup {
    VolumesTest() throws IOException {}

    /// A store whose disk failed says so once more.
    private void closeAnyhow() {
        try {
            host.close();
        } catch (IOException e) {
            assertTrue(e.getMessage().contains("failed"), e.getMessage());
        }
    }

    @Test
    void chunksThatAnImageUsesWholeTakeOnlyTheirHeadersInTheStore() throws IOException {
        host.fill(TARGET, one);
        long bytes = host.store().stat().chunkBytes();
        assertTrue(bytes <= one.chunkIds().size() * 3L * Block.BYTES, bytes + " bytes");
        assertEquals(
                new Whole(one.manifest().id(), Optional.empty()),
                host.volume(TARGET).state());
        reopen();
        host.assertWhole(one);
    }

    @Test
    void whatArrivesIsServedAtOnceAndFillingGoesOn() throws IOException {
        host.putManifest(one);
        List<ChunkId> half = one.chunkIds().subList(0, one.chunkIds().size() / 2);
        try (Fill _ = host.volumes().fill(TARGET, one.manifest(), host.store(), Progress.NONE)) {
            for (ChunkId id : half) {
                host.store().put(VolumeHost.chunk(one, id));
                host.assertRight(one, id);
            }
            host.store().collect(Goal.ALL, Progress.NONE);
        }
        assertEquals(new Filling(one.manifest().id()), host.volume(TARGET).state());
        reopen();
        for (ChunkId id : half) {
            host.assertRight(one, id);
        }
        try (Fill fill = host.volumes().fill(TARGET, one.manifest(), host.store(), Progress.NONE)) {
            assertThrows(Unreachable.class, () -> fill.finish(Progress.NONE));
            assertEquals(one.chunkIds().size() - half.size(), host.fetch(one));
            fill.finish(Progress.NONE);
        }
        VolumeHost.assertHolds(disk, TARGET, one);
    }

    @Test
    void whatIsRightOnATargetAlreadyNeedNotBeFetched() throws IOException {
        write(TARGET, 0, one.disk());
        host.putManifest(one);
        // Whose headers came from peers.
        HeaderSource headers = new HeaderSource(one);

        try (Fill fill = host.volumes().fill(TARGET, one.manifest(), headers, Progress.NONE)) {
            assertEquals(0, host.fetch(one));
            fill.finish(Progress.NONE);
        }

        host.assertWhole(one);
        VolumeHost.assertHolds(disk, TARGET, one);
    }

    @Test
    void anOldFileIsOverwrittenZerosToo() throws IOException {
        byte[] noise = new byte[one.disk().limit() + 10_000];
        random.nextBytes(noise);
        write(TARGET, 0, ByteBuffer.wrap(noise));

        host.fill(TARGET, one);

        VolumeHost.assertHolds(disk, TARGET, one);
        assertEquals(one.disk().limit(), disk.open(TARGET).size());
    }

    @Test
    void aBlockThatSomebodyOverwroteIsNeverServed() throws IOException {
        host.fill(TARGET, one);
        long at = new Layout(one.manifest()).uses(1).getFirst().firstBlock();
        Set<ChunkId> hit = overwrite(one, at, at + 1);

        for (ChunkId id : one.chunkIds()) {
            if (hit.contains(id)) {
                assertThrows(Corrupt.class, () -> host.store().chunk(id));
                assertFalse(host.store().has(id));
            } else {
                host.assertRight(one, id);
            }
        }
        assertEquals(hit.size(), host.fetch(one), "they are fetched again");
        host.assertWhole(one);
    }

    @Test
    void aBlockThatSomebodyOverwroteIsNeverKeptNorMoved() throws IOException {
        host.fill(TARGET, one);
        host.fetch(two);
        Set<ChunkId> hit = overwrite(one, 0, one.manifest().extents().getLast().end() / 2);

        assertThrows(Unreachable.class, () -> host.volumes().convert(TARGET, two.manifest(), Progress.NONE));
        assertTrue(host.fetch(two) > 0);
        host.convert(TARGET, two, Undo.KEEP);

        VolumeHost.assertHolds(disk, TARGET, two);
        host.assertWhole(two);
        for (ChunkId id : one.chunkIds()) {
            if (host.store().has(id)) {
                host.assertRight(one, id);
            } else {
                assertTrue(hit.contains(id));
            }
        }
    }

    @Test
    void aTargetThatWasWrittenToIsPutRightWhereItLies() throws IOException {
        host.fill(TARGET, one);
        overwrite(one, 10, 90);
        assertThrows(Unreachable.class, () -> host.volumes().convert(TARGET, one.manifest(), Progress.NONE));
        host.fetch(one);

        host.convert(TARGET, one, Undo.KEEP);

        VolumeHost.assertHolds(disk, TARGET, one);
        host.assertWhole(one);
    }

    @Test
    void aTargetThatIsGoneTakesItsChunksAlong() throws IOException {
        host.fill(TARGET, one);
        host.close();
        disk.delete(TARGET);
        host = open();

        for (ChunkId id : one.chunkIds()) {
            assertFalse(host.store().has(id));
        }
        assertEquals(one.chunkIds().size(), host.fetch(one));
        host.assertWhole(one);
    }

    @Test
    void anotherFileUnderTheNameOfATargetIsNoVolume() throws IOException {
        host.fill(TARGET, one);
        host.close();
        byte[] noise = new byte[one.disk().limit()];
        random.nextBytes(noise);
        write(TARGET, 0, ByteBuffer.wrap(noise));
        host = open();

        for (ChunkId id : one.chunkIds()) {
            assertFalse(host.store().has(id));
        }
        assertThrows(TargetRefused.class, () -> host.volumes().convert(TARGET, one.manifest(), Progress.NONE));
    }

    @Test
    void aVolumeOfWhichNothingIsKnownAnyMoreTakesItsChunksAlong() throws IOException {
        host.fill(TARGET, one);
        host.close();
        Path directory = VolumeHost.ROOT.resolve("volumes");
        String name = disk.list(directory).getFirst();
        write(directory.resolve(name), 20, ByteBuffer.wrap(new byte[] {1}));
        host = open();

        for (ChunkId id : one.chunkIds()) {
            assertFalse(host.store().has(id));
        }
        assertEquals(List.of(), host.volumes().volumes());
        host.fill(TARGET, one);
        host.assertWhole(one);
    }

    @Test
    void whatIsOnAnotherVolumeOutlivesTheFirst() throws IOException {
        host.fill(TARGET, one);
        host.fill(OTHER, one);

        host.volumes().release(TARGET);
        host.volumes().release(TARGET);
        host.assertWhole(one);
        reopen();
        host.assertWhole(one);

        host.volumes().release(OTHER);
        for (ChunkId id : one.chunkIds()) {
            assertFalse(host.store().has(id));
        }
        reopen();
        for (ChunkId id : one.chunkIds()) {
            assertFalse(host.store().has(id), "for good");
        }
        assertEquals(List.of(), host.volumes().volumes());
        VolumeHost.assertHolds(disk, OTHER, one);
    }

    @Test
    void anImageThatIsGivenUpGoesAndTakesNoRoom() throws IOException {
        host.fill(TARGET, one);
        host.fetch(two);
        long before = host.store().stat().chunkBytes();
        Set<ChunkId> onlyOne = new HashSet<>(one.chunkIds());
        onlyOne.removeAll(two.chunkIds());
        assertFalse(onlyOne.isEmpty());

        try (Conversion conversion = host.volumes().convert(TARGET, two.manifest(), Progress.NONE)) {
            assertTrue(conversion.undoBytes() > 0);
            conversion.run(Undo.GIVE_UP, Progress.NONE);
        }

        assertEquals(
                new Whole(two.manifest().id(), Optional.empty()),
                host.volume(TARGET).state());
        host.assertWhole(two);
        VolumeHost.assertHolds(disk, TARGET, two);
        reopen();
        onlyOne.forEach(id -> assertFalse(host.store().has(id)));
        assertTrue(host.store().stat().chunkBytes() <= before + 3 * Block.BYTES, "only what is dead in the new image");
    }

    @Test
    void theWayBackCanBeGivenUpLater() throws IOException {
        host.fill(TARGET, one);
        host.fetch(two);
        host.convert(TARGET, two, Undo.KEEP);
        host.fetch(three);
        TargetRefused e = assertThrows(
                TargetRefused.class, () -> host.volumes().convert(TARGET, three.manifest(), Progress.NONE));
        assertTrue(e.getMessage().contains("no image to go back to"), e.getMessage());

        host.volumes().forgetUndo(TARGET);

        assertEquals(
                new Whole(two.manifest().id(), Optional.empty()),
                host.volume(TARGET).state());
        reopen();
        host.assertWhole(two);
        assertTrue(one.chunkIds().stream().anyMatch(id -> !host.store().has(id)));
        host.convert(TARGET, three, Undo.KEEP);
        host.assertWhole(two);
        host.assertWhole(three);
    }

    @Test
    void withoutRoomForTheOldImageNothingHappens() throws IOException {
        host.fill(TARGET, one);
        host.fetch(two);
        try (DiskFile ballast = disk.create(Path.of("/disk/ballast"));
                Conversion conversion = host.volumes().convert(TARGET, two.manifest(), Progress.NONE)) {
            long needed = conversion.spillBytes() + conversion.undoBytes();
            ballast.allocate(disk.freeBytes(TARGET) - needed + Block.BYTES, false);
            StoreRefused e = assertThrows(StoreRefused.class, () -> conversion.run(Undo.KEEP, Progress.NONE));
            assertTrue(
                    e.getMessage()
                            .contains("to keep the image that is there (restore --give-up-previous does without)"),
                    e.getMessage());
        }

        assertEquals(
                new Whole(one.manifest().id(), Optional.empty()),
                host.volume(TARGET).state());
        VolumeHost.assertHolds(disk, TARGET, one);
    }

    @Test
    void chunksThatAreHeldTwiceCanBeHeldOnce() throws IOException {
        host.fill(TARGET, one);
        host.fetch(two);
        host.convert(TARGET, two, Undo.KEEP);
        List<ChunkId> twice = host.volumes().doublyHeld(TARGET, Progress.NONE);
        assertFalse(twice.isEmpty());

        long before = host.store().stat().chunkBytes();
        assertEquals(twice.size(), host.volumes().thin(TARGET, Progress.NONE));
        assertTrue(host.store().stat().chunkBytes() < before);
        host.store().collect(Goal.ALL, Progress.NONE);

        assertEquals(List.of(), host.volumes().doublyHeld(TARGET, Progress.NONE));
        reopen();
        host.assertWhole(one);
        host.assertWhole(two);
        host.convert(TARGET, one, Undo.KEEP);
        host.assertWhole(one);
        host.assertWhole(two);
        VolumeHost.assertHolds(disk, TARGET, one);
    }

    @Test
    void whatWasSpilledGoesWhenNothingNeedsItAnyMore() throws IOException {
        host.fill(TARGET, one);
        host.fetch(two);
        host.convert(TARGET, two, Undo.KEEP);
        List<ChunkId> spill = host.volume(TARGET).spill();
        assertFalse(spill.isEmpty());
        host.store().collect(Goal.ALL, Progress.NONE);
        spill.forEach(id -> assertTrue(host.store().has(id)));

        host.convert(TARGET, one, Undo.KEEP);
        host.store().collect(Goal.ALL, Progress.NONE);

        assertEquals(List.of(), host.volume(TARGET).spill());
        Set<ChunkId> images = new HashSet<>(one.chunkIds());
        images.addAll(two.chunkIds());
        assertEquals(images.size(), host.store().stat().chunks());
        host.assertWhole(one);
        host.assertWhole(two);
    }

    @Test
    void aConversionThatWasBrokenOffGoesBackAsWell() throws IOException {
        ImageFixture turned = one.next(rotated(one.disk(), 37), _ -> false, 30);
        host.fill(TARGET, one);
        host.fetch(turned);
        for (int cut = 3; cut < 40; cut += 3) {
            disk.failAt(disk.operations() + cut);
            assertThrows(IOException.class, () -> host.convert(TARGET, turned, Undo.KEEP));
            reopen();
            host.assertWhole(one);
            host.assertWhole(turned);
            host.convert(TARGET, one, Undo.KEEP);
            VolumeHost.assertHolds(disk, TARGET, one);
            host.assertWhole(turned);
        }
    }

    @Test
    void otherImagesWaitUntilAConversionIsThrough() throws IOException {
        host.fill(TARGET, one);
        host.fetch(two);
        host.fetch(three);
        disk.failAt(disk.operations() + 12);
        assertThrows(IOException.class, () -> host.convert(TARGET, two, Undo.KEEP));
        reopen();
        assertEquals(
                new Converting(one.manifest().id(), two.manifest().id(), Undo.KEEP),
                host.volume(TARGET).state());

        assertThrows(TargetRefused.class, () -> host.volumes().convert(TARGET, three.manifest(), Progress.NONE));
        assertThrows(TargetRefused.class, () -> host.volumes().forgetUndo(TARGET));
        assertThrows(TargetRefused.class, () -> host.fill(TARGET, two));
        host.convert(TARGET, two, Undo.KEEP);
        VolumeHost.assertHolds(disk, TARGET, two);
    }

    @Test
    void whatWasWrittenInVainIsWrittenAgain() throws IOException {
        host.fill(TARGET, one);
        host.fetch(two);
        long all = 0;
        for (int operation = 1; ; operation++) {
            try (Conversion conversion = host.volumes().convert(TARGET, two.manifest(), Progress.NONE)) {
                all = conversion.writeBytes();
                assertTrue(all > 0 && all <= WINDOW, "one window");
                disk.failAt(disk.operations() + operation);
                conversion.run(Undo.KEEP, Progress.NONE);
            } catch (TargetRefused e) {
                if (e.getMessage().contains("expected to write durably")) {
                    break;
                }
            } catch (IOException _) {
                closeAnyhow();
                host = open();
            }
        }
        try (Conversion conversion = host.volumes().convert(TARGET, two.manifest(), Progress.NONE)) {
            assertEquals(all, conversion.writeBytes());
        }
    }

    @Test
    void aTargetIsWorkedOnByOne() throws IOException {
        host.putManifest(one);
        try (Fill _ = host.volumes().fill(TARGET, one.manifest(), host.store(), Progress.NONE)) {
            assertThrows(TargetRefused.class, () -> host.fill(TARGET, one));
            assertThrows(TargetRefused.class, () -> host.volumes().release(TARGET));
        }
        host.volumes().release(TARGET);
    }

    /// Somebody writes to the target.
    ///
    /// @return the chunks of which a block was hit that lies nowhere else
    private Set<ChunkId> overwrite(ImageFixture image, long first, long end) throws IOException {
        byte[] noise = new byte[(int) (end - first) * Block.BYTES];
        random.nextBytes(noise);
        write(TARGET, first * Block.BYTES, ByteBuffer.wrap(noise));
        Layout layout = new Layout(image.manifest());
        Set<ChunkId> hit = new HashSet<>();
        for (ChunkId id : image.chunkIds()) {
            int chunk = layout.chunk(id);
            for (int block = 0; block < image.chunk(id).header().blocks(); block++) {
                if (!layout.lies(chunk, block, at -> at < first || at >= end)) {
                    hit.add(id);
                }
            }
        }
        assertFalse(hit.isEmpty());
        return hit;
    }

    private void write(Path file, long at, ByteBuffer bytes) throws IOException {
        try (DiskFile out = disk.exists(file) ? disk.open(file) : disk.create(file)) {
            out.write(bytes, at);
        }
    }

    private static ByteBuffer rotated(ByteBuffer disk, int blocks) {
        byte[] bytes = new byte[disk.limit()];
        disk.get(0, bytes);
        int cut = blocks * Block.BYTES;
        ByteBuffer turned = ByteBuffer.allocate(bytes.length);
        turned.put(bytes, cut, bytes.length - cut).put(Arrays.copyOf(bytes, cut));
        return turned.flip();
    }
}
