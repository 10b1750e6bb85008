package dev.muster.chunkstore.volume;

import dev.muster.chunkstore.assemble.LoopDevice;
import dev.muster.protocol.content.Block;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/// Needs root and a loop device.
final class DeviceVolumeTest extends VolumeContract {
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
}
