package dev.muster.agent.upkeep;

import dev.muster.chunkstore.store.Roots;
import dev.muster.protocol.content.ManifestId;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/// What must stay on this host besides what refs and leases name.
///
/// @param images what pins order, what runs and what is kept for the fleet, each asked anew every time
/// @param rest those that nothing makes stay, but that should go after all others
/// @param gone hears of an image that is not whole here any more, because its room was needed
public record HostRoots(List<Images> images, Images rest, Consumer<ManifestId> gone) implements Roots {
    /// Who wants images to stay.
    @FunctionalInterface
    public interface Images {
        Set<ManifestId> manifests() throws IOException;
    }

    public HostRoots {
        images = List.copyOf(images);
    }

    @Override
    public Set<ManifestId> manifests() throws IOException {
        Set<ManifestId> all = new HashSet<>();
        for (Images each : images) {
            all.addAll(each.manifests());
        }
        return all;
    }

    @Override
    public Set<ManifestId> last() throws IOException {
        return rest.manifests();
    }

    @Override
    public void removed(ManifestId id) {
        gone.accept(id);
    }
}
