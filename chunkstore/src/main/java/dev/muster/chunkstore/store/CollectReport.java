package dev.muster.chunkstore.store;

import dev.muster.protocol.content.ManifestId;
import java.util.List;

/// What a collection did.
///
/// @param images those that went
/// @param chunks how many went
/// @param bytes what they took on the disk
public record CollectReport(List<ManifestId> images, long chunks, long bytes) {
    public CollectReport {
        images = List.copyOf(images);
    }
}
