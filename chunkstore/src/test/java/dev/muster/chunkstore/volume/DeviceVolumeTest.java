package dev.muster.chunkstore.volume;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.muster.chunkstore.Progress;
import dev.muster.chunkstore.assemble.LoopDevice;
import dev.muster.protocol.MusterException.TargetRefused;
import dev.muster.protocol.content.Block;
import dev.muster.protocol.content.ImageFixture;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Needs root and a loop device.
final class DeviceVolumeTest extends VolumeContract {
    @TempDir
    private Path small;

    private Optional<LoopDevice> device = Optional.empty();

    @Override
    Path makeTarget(Path directory, long bytes) throws IOException {
        LoopDevice loop = LoopDevice.on(directory.resolve("disk"), (bytes / Block.BYTES + 100) * Block.BYTES);
        device = Optional.of(loop);
        return loop.path();
    }

    @Override
    void closeTarget() throws IOException {
        if (device.isPresent()) {
            device.get().close();
        }
    }

    @Test
    void aDeviceThatIsTooSmallIsRefused() throws IOException {
        ImageFixture image = ImageFixture.seeded(new SplittableRandom(2), 100);
        VolumeHost host = reopen();
        host.putManifest(image);
        try (LoopDevice loop = LoopDevice.on(small.resolve("disk"), 16 * Block.BYTES)) {
            assertThrows(
                    TargetRefused.class,
                    () -> host.volumes().fill(loop.path(), image.manifest(), host.store(), Progress.NONE));
        }
        assertEquals(List.of(), host.volumes().volumes());
    }
}
