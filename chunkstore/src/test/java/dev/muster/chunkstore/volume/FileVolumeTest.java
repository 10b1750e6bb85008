package dev.muster.chunkstore.volume;

import java.nio.file.Path;

final class FileVolumeTest extends VolumeContract {
    @Override
    Path makeTarget(Path directory, long bytes) {
        return directory.resolve("disk.raw");
    }

    @Override
    void closeTarget() {}
}
