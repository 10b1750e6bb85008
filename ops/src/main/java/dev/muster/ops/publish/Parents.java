package dev.muster.ops.publish;

import com.fasterxml.jackson.databind.JsonNode;
import dev.muster.agent.control.RemoteStore;
import dev.muster.agent.delivery.BatchedHeaders;
import dev.muster.chunkstore.image.DiskImage;
import dev.muster.chunkstore.pack.Hooks;
import dev.muster.chunkstore.pack.Parent;
import dev.muster.protocol.MusterException.Refused;
import dev.muster.protocol.MusterException.Unknown;
import dev.muster.protocol.MusterException.Unreachable;
import dev.muster.protocol.content.Manifest;
import dev.muster.protocol.content.ManifestHead;
import dev.muster.protocol.content.ManifestId;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/// Finds what to pack against. Of a parent that is not on this host come its head and pages, and the headers of its
/// chunks as they are needed; its chunks stay where they are.
final class Parents {
    private final RemoteStore store;
    private final Consumer<String> notes;
    private final List<Used> used = new ArrayList<>();

    /// @param store the agent's
    /// @param notes is told why there is no parent where there might be one
    Parents(RemoteStore store, Consumer<String> notes) {
        this.store = store;
        this.notes = notes;
    }

    private record Used(String image, Manifest manifest, BatchedHeaders headers) {}

    /// The artifact of a role of the parent, if it can be had.
    ///
    /// @param release as a coordinator describes it
    List<Parent> of(JsonNode release, String role) throws IOException {
        for (JsonNode artifact : release.path("artifacts")) {
            if (artifact.path("role").asText().equals(role)) {
                return parent(
                        release.path("image").asText(),
                        ManifestId.parse(artifact.path("manifest").asText()));
            }
        }
        return List.of();
    }

    private List<Parent> parent(String image, ManifestId id) throws IOException {
        try {
            Manifest manifest = store.manifest(id);
            BatchedHeaders headers = store.headers(manifest);
            used.add(new Used(image, manifest, headers));
            return List.of(new Parent(manifest, headers));
        } catch (Unknown | Unreachable | Refused e) {
            notes.accept("parent " + image + " is left out, so what it has is packed again: " + e.getMessage());
            return List.of();
        }
    }

    /// Images on this host that resemble this one, though they may be called otherwise.
    ///
    /// @param found those that are parents already
    List<Parent> like(DiskImage image, List<Parent> found) throws IOException {
        int room = ManifestHead.PARENTS_MAX - found.size();
        Set<ManifestId> known = new HashSet<>();
        found.forEach(parent -> known.add(parent.manifest().id()));
        List<Parent> like = new ArrayList<>();
        for (ManifestId id : store.likely(Hooks.sample(image), ManifestHead.PARENTS_MAX)) {
            if (known.add(id) && like.size() < room) {
                like.addAll(parent(id.toString(), id));
            }
        }
        return like;
    }

    /// To be called after packing: says which parents could be used in part only.
    void noteMissing() {
        for (Used parent : used) {
            int missing = parent.headers.missing();
            if (missing > 0) {
                notes.accept("parent " + parent.image + ": " + missing + " of "
                        + parent.manifest.chunks().size() + " chunks are known to no host that can be reached, so "
                        + "what they have is packed again"
                        + parent.headers
                                .failure()
                                .map(e -> ": " + e.getMessage())
                                .orElse(""));
            }
        }
    }
}
