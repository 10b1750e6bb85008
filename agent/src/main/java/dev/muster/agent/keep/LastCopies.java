package dev.muster.agent.keep;

import dev.muster.agent.document.Documents;
import dev.muster.protocol.content.ManifestId;
import dev.muster.protocol.trust.document.Artifact;
import dev.muster.protocol.trust.document.Release;
import dev.muster.protocol.trust.document.Signed;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.Supplier;

/// Images of releases that were neither retired nor revoked, and whose copy on this host is to outlive those of others:
/// they go after everything else, and `store gc` leaves them unless it is told otherwise. Of hosts that know each other
/// one has the last copy; so it is known what peers say that are connected now. Safe for threads.
public final class LastCopies {
    private final Documents documents;
    private final Supplier<Set<ManifestId>> whole;
    private final Predicate<ManifestId> isLast;

    /// @param whole what is whole here
    /// @param isLast whether the copy here is to outlive others
    public LastCopies(Documents documents, Supplier<Set<ManifestId>> whole, Predicate<ManifestId> isLast) {
        this.documents = documents;
        this.whole = whole;
        this.isLast = isLast;
    }

    /// All of them, also those that something keeps.
    public Set<ManifestId> manifests() {
        return names().keySet();
    }

    /// The same, with the release that each belongs to.
    public Map<ManifestId, Release.Name> names() {
        Map<ManifestId, Release.Name> names = new LinkedHashMap<>();
        Set<ManifestId> here = whole.get();
        for (Signed<Release> release : documents.releases()) {
            if (!documents.mayGo(release.hash())) {
                release.document().artifacts().stream()
                        .map(Artifact::manifest)
                        .filter(manifest -> here.contains(manifest) && isLast.test(manifest))
                        .forEach(manifest ->
                                names.put(manifest, release.document().name()));
            }
        }
        return names;
    }
}
