package dev.muster.agent;

import dev.muster.agent.delivery.Delivery;
import dev.muster.agent.document.Documents;
import dev.muster.protocol.MusterException.Unknown;
import dev.muster.protocol.MusterException.Unreachable;
import dev.muster.protocol.content.ManifestId;
import dev.muster.protocol.trust.document.Artifact;
import dev.muster.protocol.trust.document.Envelope;
import dev.muster.protocol.trust.document.Release;
import dev.muster.protocol.trust.document.Signed;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/// What somebody orders on this host itself, with or without a coordinator: documents that were carried here, and a
/// release to run whatever pins say.
final class LocalOrders {
    private final Documents documents;
    private final References references;
    private final Delivery delivery;
    private final Runnable changed;

    /// @param changed is run after each change of what this host believes
    LocalOrders(Documents documents, References references, Delivery delivery, Runnable changed) {
        this.documents = documents;
        this.references = references;
        this.delivery = delivery;
        this.changed = changed;
    }

    Runnable changed() {
        return changed;
    }

    References references() {
        return references;
    }

    /// @return whether it is new
    boolean offer(Envelope document) throws IOException {
        boolean fresh = documents.offer(document) == Documents.Outcome.NEW;
        if (fresh) {
            changed.run();
        }
        return fresh;
    }

    /// Never asks a coordinator: what is kept here decides what the reference means.
    ///
    /// @throws Unknown if no signed release here is called so
    /// @throws Unreachable if not all of it is here
    String pin(String reference) throws IOException {
        Signed<Release> release = references
                .kept(reference)
                .orElseThrow(() -> new Unknown(
                        "image " + reference + ": expected a signed release that this host keeps, found none"));
        Set<ManifestId> whole = delivery.whole();
        List<String> lacking = release.document().artifacts().stream()
                .filter(artifact -> !whole.contains(artifact.manifest()))
                .map(Artifact::role)
                .toList();
        if (!lacking.isEmpty()) {
            throw new Unreachable("release " + release.document().name() + ": expected all of it on this host, found "
                    + lacking + " not whole; see: muster pull " + reference);
        }
        documents.pinLocally(release);
        changed.run();
        return release.document().name().toString();
    }

    void unpin(String name) throws IOException {
        documents.unpinLocally(name);
        changed.run();
    }

    /// By name, the release that was pinned here.
    Map<String, String> local() {
        Map<String, String> local = new TreeMap<>();
        documents.local().forEach((name, release) -> local.put(name, release.toString()));
        return local;
    }

    /// By director, its newest pin: what the next one must be numbered after.
    Map<String, Map<String, Object>> directors() {
        Map<String, Map<String, Object>> directors = new TreeMap<>();
        documents
                .newestPins()
                .forEach(mark -> directors.put(
                        mark.key().toString(),
                        Map.of("number", mark.number(), "pin", mark.pin().toString())));
        return directors;
    }

    List<String> alarms() {
        return documents.alarms();
    }
}
