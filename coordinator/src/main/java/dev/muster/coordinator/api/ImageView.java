package dev.muster.coordinator.api;

import dev.muster.coordinator.rollout.Holdings;
import dev.muster.protocol.trust.document.Artifact;
import dev.muster.protocol.trust.document.Release;
import dev.muster.protocol.trust.document.Signed;
import java.util.LinkedHashMap;
import java.util.Map;

/// A release in JSON: bytes, epoch milliseconds, and how many hosts have all of it (`copies`), keep the releases of
/// its name (`keepers`), and do that without having it yet (`coming`).
final class ImageView {
    private ImageView() {}

    record Part(String role, long length, String content, String manifest) {
        static Part of(Artifact artifact) {
            return new Part(
                    artifact.role(),
                    artifact.length(),
                    artifact.content().toString(),
                    artifact.manifest().toString());
        }
    }

    static Map<String, Object> of(Signed<Release> signed, boolean retired, Holdings holdings) {
        Release release = signed.document();
        Map<String, Object> view = new LinkedHashMap<>();
        view.put("image", release.name().toString());
        view.put("release", signed.hash().toString());
        view.put("manifest", release.primary().manifest().toString());
        view.put("counter", release.counter());
        view.put("created", release.created());
        view.put("artifacts", release.artifacts().stream().map(Part::of).toList());
        view.put("retired", retired);
        view.put("copies", holdings.copies(release));
        view.put("keepers", retired ? 0 : holdings.keepers(release.name().name()));
        view.put("coming", retired ? 0 : holdings.coming(release));
        return view;
    }
}
