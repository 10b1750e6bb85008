package dev.muster.coordinator.api;

import dev.muster.protocol.trust.document.Artifact;
import dev.muster.protocol.trust.document.Release;
import dev.muster.protocol.trust.document.Signed;
import java.util.List;

/// A release in JSON.
///
/// @param manifest of its primary image
record ImageView(String image, String release, String manifest, long counter, long created, List<Part> artifacts) {

    record Part(String role, long length, String content, String manifest) {
        static Part of(Artifact artifact) {
            return new Part(
                    artifact.role(),
                    artifact.length(),
                    artifact.content().toString(),
                    artifact.manifest().toString());
        }
    }

    static ImageView of(Signed<Release> signed) {
        Release release = signed.document();
        return new ImageView(
                release.name().toString(),
                signed.hash().toString(),
                release.primary().manifest().toString(),
                release.counter(),
                release.created(),
                release.artifacts().stream().map(Part::of).toList());
    }
}
