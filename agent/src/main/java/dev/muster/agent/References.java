package dev.muster.agent;

import dev.muster.agent.control.Served;
import dev.muster.agent.document.Documents;
import dev.muster.agent.document.Upstream;
import dev.muster.chunkstore.store.ChunkStore;
import dev.muster.protocol.MusterException.Reason;
import dev.muster.protocol.MusterException.Refused;
import dev.muster.protocol.MusterException.Unknown;
import dev.muster.protocol.MusterException.Unreachable;
import dev.muster.protocol.content.Hash;
import dev.muster.protocol.content.ManifestId;
import dev.muster.protocol.trust.document.Envelope;
import dev.muster.protocol.trust.document.Names;
import dev.muster.protocol.trust.document.Release;
import dev.muster.protocol.trust.document.Signed;
import java.io.IOException;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/// What people mean by `name:version`, `name`, or 12 and more digits of the hash of a release or of a manifest.
///
/// A coordinator knows best what is newest, and is believed no further than that: what it answers must be signed, and
/// be what the reference says. Without one, what is kept here must do.
final class References {
    private static final String DIGEST = "sha256:";
    private static final int DIGITS_MIN = 12;

    private final ChunkStore store;
    private final Documents documents;
    private final Upstream upstream;

    References(ChunkStore store, Documents documents, Upstream upstream) {
        this.store = store;
        this.documents = documents;
        this.upstream = upstream;
    }

    /// @throws Unknown if neither a coordinator nor this host knows such an image
    /// @throws Refused if a coordinator answers with anything but a signed release that is called so
    Served.Image resolve(String reference) throws IOException {
        try {
            return image(taken(reference, upstream.resolve(reference)));
        } catch (Unreachable | Unknown _) {
            // The documents that are kept decide.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Unreachable("interrupted while asking a coordinator for " + reference, e);
        }
        Optional<Signed<Release>> release = kept(reference);
        if (release.isPresent()) {
            return image(release.get());
        }
        Optional<ManifestId> manifest = installed(reference);
        if (manifest.isPresent()) {
            ManifestId id = manifest.get();
            return new Served.Image(id.toString(), id, Optional.empty(), List.of(new Served.Artifact("disk", id)));
        }
        throw new Unknown("image " + reference + ": neither a coordinator nor this host knows it; see: muster images");
    }

    /// The newest signed release here that is called so, and was not revoked if there is one.
    Optional<Signed<Release>> kept(String reference) {
        return documents.releases().stream()
                .filter(each -> isMeant(reference, each.hash(), each.document()))
                .max(Comparator.comparing((Signed<Release> each) -> !documents.mayGo(each.hash()))
                        .thenComparingLong(each -> each.document().counter()));
    }

    private Signed<Release> taken(String reference, Envelope answer) throws IOException {
        Release release = Release.unverified(answer);
        if (!isMeant(reference, answer.hash(), release)) {
            throw new Refused(
                    Reason.WRONG_HASH,
                    "answer of a coordinator: expected a release called " + Names.printable(reference, 160) + ", found "
                            + release.name() + ", " + answer.hash());
        }
        documents.offer(answer);
        return documents.release(answer.hash()).orElseThrow();
    }

    private static boolean isMeant(String reference, Hash hash, Release release) {
        if (release.name().toString().equals(reference) || release.name().name().equals(reference)) {
            return true;
        }
        Stream<Hash> manifests =
                release.artifacts().stream().map(each -> each.manifest().hash());
        return digits(reference)
                .map(digits -> Stream.concat(Stream.of(hash), manifests)
                        .anyMatch(each -> each.hex().startsWith(digits)))
                .orElse(false);
    }

    private Optional<ManifestId> installed(String reference) {
        return digits(reference)
                .flatMap(digits -> store.installed().stream()
                        .filter(id -> id.hash().hex().startsWith(digits))
                        .findFirst());
    }

    private static Optional<String> digits(String reference) {
        String digits = (reference.startsWith(DIGEST) ? reference.substring(DIGEST.length()) : reference)
                .toLowerCase(Locale.ROOT);
        return digits.length() >= DIGITS_MIN && digits.matches("[0-9a-f]+") ? Optional.of(digits) : Optional.empty();
    }

    private static Served.Image image(Signed<Release> release) {
        return new Served.Image(
                release.document().name().toString(),
                release.document().primary().manifest(),
                Optional.of(release.hash()),
                release.document().artifacts().stream()
                        .map(each -> new Served.Artifact(each.role(), each.manifest()))
                        .toList());
    }
}
