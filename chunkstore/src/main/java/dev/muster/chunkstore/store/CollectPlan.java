package dev.muster.chunkstore.store;

import dev.muster.protocol.content.ManifestId;
import java.util.List;

/// What a collection would do at this moment. All sizes are bytes that chunks take on the disk.
///
/// @param images every installed image; those that go, or would, in that order
/// @param unnamed chunks that no installed image names, and that nothing keeps otherwise
/// @param reclaimable `unnamed`, and chunks of images that nothing keeps
/// @param freed what would go
public record CollectPlan(List<Image> images, long unnamed, long reclaimable, long freed) {
    public CollectPlan {
        images = List.copyOf(images);
    }

    /// An installed image.
    ///
    /// @param bytes its chunks
    /// @param exclusive those of its chunks that no other installed image names, and nothing keeps otherwise
    public record Image(ManifestId id, Fate fate, long bytes, long exclusive) {}

    /// What becomes of an image.
    public enum Fate {
        /// A ref, a lease, or another root keeps it.
        KEPT,
        /// Nothing keeps it; it stays, as a seed of other images, until its room is needed.
        CACHED,
        /// Nothing keeps it, but it goes after all others, and only if a [Goal] says so.
        LAST,
        /// It goes.
        GOES
    }
}
