package dev.muster.chunkstore.store;

import dev.muster.protocol.content.ChunkId;
import dev.muster.protocol.content.ManifestId;
import java.io.IOException;
import java.util.Set;
import java.util.function.Consumer;

/// What must stay in a store besides what refs and leases name: pins, kept names, chunks that stand in for a volume.
///
/// A collection asks when it begins, and for [#manifests] once more before an image goes. So whoever adds something
/// holds it by a [Lease] until it is among the answers.
public interface Roots {
    /// Images that stay, as far as they are here.
    Set<ManifestId> manifests() throws IOException;

    /// Of the images that nothing keeps, those that go after all others, and only if a [Goal] says so.
    default Set<ManifestId> last() throws IOException {
        return Set.of();
    }

    /// Hears of an image that is not whole here any more: its chunks are about to go. Must be quick, and may not
    /// use the store.
    default void removed(ManifestId id) {}

    /// Names chunks that stay although no image that stays has them.
    default void chunks(Consumer<ChunkId> out) throws IOException {}
}
