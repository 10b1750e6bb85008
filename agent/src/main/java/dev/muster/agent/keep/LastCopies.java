package dev.muster.agent.keep;

import dev.muster.agent.document.Documents;
import dev.muster.protocol.content.ManifestId;
import dev.muster.protocol.trust.document.Artifact;
import dev.muster.protocol.trust.document.Release;
import dev.muster.protocol.trust.document.Signed;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.function.ToIntFunction;

/// Images that nothing keeps here, but that no other host is known to have, though they belong to a release that was
/// neither retired nor revoked: they stay until an operator says otherwise. Known is what peers say that are connected
/// now; hosts that let go of their copies in the same moment may each rely on the other. Safe for threads.
public final class LastCopies {
    private final Documents documents;
    private final Supplier<Set<ManifestId>> whole;
    private final ToIntFunction<ManifestId> copies;
    private final AtomicInteger overruled = new AtomicInteger();

    /// @param whole what is whole here
    /// @param copies how many others are known to have all of an image
    public LastCopies(Documents documents, Supplier<Set<ManifestId>> whole, ToIntFunction<ManifestId> copies) {
        this.documents = documents;
        this.whole = whole;
        this.copies = copies;
    }

    /// Work that may free them.
    @FunctionalInterface
    public interface Work<T> {
        T run() throws IOException;
    }

    /// What must not go; nothing while they are [overruled][#overruled].
    public Set<ManifestId> manifests() {
        return overruled.get() > 0 ? Set.of() : byName().keySet();
    }

    /// The same, with the release that each belongs to.
    public Map<ManifestId, Release.Name> byName() {
        Map<ManifestId, Release.Name> last = new LinkedHashMap<>();
        Set<ManifestId> here = whole.get();
        for (Signed<Release> release : documents.releases()) {
            if (!documents.mayGo(release.hash())) {
                release.document().artifacts().stream()
                        .map(Artifact::manifest)
                        .filter(manifest -> here.contains(manifest) && copies.applyAsInt(manifest) == 0)
                        .forEach(manifest ->
                                last.put(manifest, release.document().name()));
            }
        }
        return last;
    }

    /// Does something for an operator who wants their room.
    public <T> T overruled(Work<T> work) throws IOException {
        overruled.incrementAndGet();
        try {
            return work.run();
        } finally {
            overruled.decrementAndGet();
        }
    }
}
