package dev.muster.coordinator.catalog;

import dev.muster.coordinator.disk.RecordFiles;
import dev.muster.protocol.content.ManifestHead;
import java.io.IOException;

/// Manifest heads on disk are as they are on the wire.
final class HeadFormat implements RecordFiles.Format<ManifestHead> {
    @Override
    public byte[] encode(ManifestHead head) {
        return head.encode();
    }

    @Override
    public ManifestHead decode(byte[] bytes) throws IOException {
        return ManifestHead.decode(bytes);
    }
}
