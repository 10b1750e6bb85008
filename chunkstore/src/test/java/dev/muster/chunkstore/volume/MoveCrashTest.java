package dev.muster.chunkstore.volume;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.muster.chunkstore.Hushed;
import dev.muster.chunkstore.disk.FaultDisk;
import dev.muster.protocol.content.Block;
import dev.muster.protocol.content.ImageFixture;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/// Every block moves, along chains and round in cycles, and nothing is new: whatever is overwritten too early
/// is lost. Each operation of such a conversion is the last one before the power goes, or the process is
/// killed and the power goes soon after.
@ExtendWith(Hushed.class)
final class MoveCrashTest {
    private static final Path TARGET = Path.of("/disk/target");
    private static final int BLOCKS = 24;
    private static final int WINDOW = 4 * Block.BYTES;

    private static final int RARELY = 20;

    private final ImageFixture one = ImageFixture.of(noise(), 10);

    @Test
    void aCycleOfAllBlocksLosesNothing() throws IOException {
        turn(7, RARELY);
    }

    @Test
    void manyCyclesLoseNothing() throws IOException {
        turn(8, RARELY);
    }

    @Test
    void chainsThatEndInNewZerosLoseNothing() throws IOException {
        shift(RARELY);
    }

    @Test
    @Tag("long")
    @Timeout(value = 10, unit = TimeUnit.MINUTES)
    void nothingIsLostHoweverSoonThePowerGoesOnceMore() throws IOException {
        turn(7, 1);
        turn(8, 1);
        shift(1);
    }

    /// @param every how much later than in one try the power goes once more in the next
    private void shift(int every) throws IOException {
        ByteBuffer shifted = ByteBuffer.allocate(BLOCKS * Block.BYTES);
        shifted.put(3 * Block.BYTES, one.disk(), 0, (BLOCKS - 6) * Block.BYTES);
        cuts(one.next(shifted, _ -> false, 10), every);
    }

    private void turn(int blocks, int every) throws IOException {
        ByteBuffer turned = ByteBuffer.allocate(BLOCKS * Block.BYTES);
        for (int i = 0; i < BLOCKS; i++) {
            turned.put((i + blocks) % BLOCKS * Block.BYTES, one.disk(), i * Block.BYTES, Block.BYTES);
        }
        cuts(one.next(turned, _ -> false, 10), every);
    }

    private void cuts(ImageFixture two, int every) throws IOException {
        FaultDisk before = new FaultDisk(64 << 20);
        before.makeDirectory(TARGET.getParent());
        try (VolumeHost host = open(before)) {
            host.fill(TARGET, one);
            host.fetch(two);
        }
        for (int first = 1; cut(before, two, first, 0); first += every < RARELY ? 1 : 3) {
            for (int second = 2 + first % every; second < 40; second += every) {
                boolean _ = cut(before, two, first, second);
            }
        }
    }

    /// @param second when the power goes after the process was killed at the first operation; 0 if it goes at
    ///     that one
    /// @return false if all was done before
    private boolean cut(FaultDisk before, ImageFixture two, int first, int second) {
        SplittableRandom random = new SplittableRandom(1000L * first + second);
        // All of it is durable, so that this is a copy.
        FaultDisk disk = before.afterPowerCut(random);
        boolean through = convert(disk, two, first);
        FaultDisk after = second == 0 ? disk.afterPowerCut(random) : disk;
        if (second > 0) {
            convert(after, two, second);
            after = after.afterPowerCut(random);
        }
        after.cutAt(Integer.MAX_VALUE);
        try (VolumeHost host = open(after)) {
            host.assertWhole(one);
            host.assertWhole(two);
            host.convert(TARGET, two, Undo.KEEP);
            VolumeHost.assertHolds(after, TARGET, two);
            host.assertWhole(one);
            host.convert(TARGET, one, Undo.KEEP);
            VolumeHost.assertHolds(after, TARGET, one);
            host.assertWhole(two);
            assertTrue(host.volume(TARGET).spill().isEmpty(), "what only moves takes no room");
        } catch (IOException | AssertionError e) {
            throw new AssertionError("cut at operation " + first + ", then " + second, e);
        }
        return !through;
    }

    private static boolean convert(FaultDisk disk, ImageFixture image, int cut) {
        disk.cutAt(Integer.MAX_VALUE);
        try (VolumeHost host = open(disk)) {
            disk.cutAt(disk.operations() + cut);
            host.convert(TARGET, image, Undo.KEEP);
            disk.cutAt(Integer.MAX_VALUE);
            return true;
        } catch (IOException e) {
            assertTrue(e.toString().contains("no power"), e.toString());
            return false;
        }
    }

    private static VolumeHost open(FaultDisk disk) throws IOException {
        return VolumeHost.open(disk, VolumeHost.ROOT, VolumeHost.targets(false), WINDOW);
    }

    private static ByteBuffer noise() {
        byte[] bytes = new byte[BLOCKS * Block.BYTES];
        new SplittableRandom(3).nextBytes(bytes);
        return ByteBuffer.wrap(bytes);
    }
}
