package dev.muster.coordinator.catalog;

import dev.muster.coordinator.disk.RecordFiles;
import dev.muster.protocol.MusterException.Corrupt;
import dev.muster.protocol.MusterException.Reason;
import dev.muster.protocol.MusterException.Refused;
import dev.muster.protocol.MusterException.StoreRefused;
import dev.muster.protocol.MusterException.Unknown;
import dev.muster.protocol.content.Hash;
import dev.muster.protocol.content.ManifestHead;
import dev.muster.protocol.content.ManifestId;
import dev.muster.protocol.net.ReleaseList;
import dev.muster.protocol.trust.document.Artifact;
import dev.muster.protocol.trust.document.Envelope;
import dev.muster.protocol.trust.document.Release;
import dev.muster.protocol.trust.document.Root;
import dev.muster.protocol.trust.document.Signed;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;

/// The releases that may be installed, with the heads of their manifests. A release that is *retired* stays in the
/// catalog, but no host need keep it. Safe for threads.
public final class Catalog {
    public static final int RELEASES_MAX = 10_000;

    private static final Logger LOG = System.getLogger(Catalog.class.getName());
    private static final Comparator<Signed<Release>> BY_NAME = Comparator.comparing(
                    (Signed<Release> release) -> release.document().name().name())
            .thenComparingLong(release -> release.document().counter());

    private final RecordFiles<Envelope> releaseFiles;
    private final RecordFiles<ManifestHead> headFiles;
    private final Map<Hash, Signed<Release>> releases = new ConcurrentHashMap<>();
    private final Map<ManifestId, ManifestHead> heads = new ConcurrentHashMap<>();
    private final Predicate<Signed<Release>> isGone;

    private Catalog(
            RecordFiles<Envelope> releaseFiles,
            RecordFiles<ManifestHead> headFiles,
            Predicate<Signed<Release>> isGone) {
        this.releaseFiles = releaseFiles;
        this.headFiles = headFiles;
        this.isGone = isGone;
    }

    /// Opens what lies in `releases` and `heads` of a home, and verifies it again.
    ///
    /// @param isGone whether no host need keep a release any more, and no pin may order it
    public static Catalog open(Path home, Root root, Predicate<Signed<Release>> isGone) throws IOException {
        Catalog catalog = new Catalog(
                RecordFiles.open(home.resolve("releases"), new EnvelopeFormat()),
                RecordFiles.open(home.resolve("heads"), new HeadFormat()),
                isGone);
        catalog.headFiles.load().values().forEach(head -> catalog.heads.put(head.id(), head));
        catalog.adopt(root);
        return catalog;
    }

    /// Goes on under this root. A release whose keys it does not name stays on disk, unused, until it is signed anew.
    public synchronized void adopt(Root root) throws IOException {
        for (Envelope envelope : releaseFiles.load().values()) {
            try {
                releases.put(envelope.hash(), Release.verify(envelope, root));
            } catch (Refused e) {
                releases.remove(envelope.hash());
                LOG.log(Level.WARNING, "release not used: release={0} because={1}", envelope.hash(), e.getMessage());
            }
        }
    }

    /// Takes a release in, with the heads that are not here yet. Of one that is here already, the signatures are taken.
    ///
    /// @throws Refused if not enough release keys signed it, or another release has its version or its counter
    /// @throws Corrupt if a head is missing or does not fit
    public synchronized Signed<Release> register(Envelope envelope, Collection<ManifestHead> given, Root root)
            throws IOException {
        Signed<Release> release = Release.verify(envelope, root);
        Signed<Release> known = releases.get(release.hash());
        if (known != null) {
            Envelope merged = known.envelope().merge(envelope);
            Signed<Release> more = Release.verify(merged, root);
            releaseFiles.put(more.hash().hex(), merged);
            releases.put(more.hash(), more);
            return more;
        }
        if (releases.size() >= RELEASES_MAX) {
            throw new StoreRefused("catalog: expected fewer than " + RELEASES_MAX + " releases, found as many");
        }
        checkNew(release.document());
        Map<ManifestId, ManifestHead> byId = new HashMap<>();
        given.forEach(head -> byId.put(head.id(), head));
        for (Artifact artifact : release.document().artifacts()) {
            keepHead(artifact, Optional.ofNullable(byId.get(artifact.manifest())));
        }
        releaseFiles.put(release.hash().hex(), envelope);
        releases.put(release.hash(), release);
        LOG.log(
                Level.INFO,
                "release registered: image={0} release={1}",
                release.document().name(),
                release.hash());
        return release;
    }

    private void checkNew(Release release) throws Refused {
        for (Signed<Release> other : releases.values()) {
            Release known = other.document();
            boolean sameName = known.name().name().equals(release.name().name());
            if (known.name().equals(release.name())) {
                throw new Refused(
                        Reason.EQUIVOCATION,
                        "release " + release.name() + ": expected a new version, found another release, "
                                + other.hash());
            }
            if (sameName && known.counter() == release.counter()) {
                throw new Refused(
                        Reason.EQUIVOCATION,
                        "release " + release.name() + ": expected a new counter, found " + release.counter() + " of "
                                + known.name());
            }
        }
    }

    private void keepHead(Artifact artifact, Optional<ManifestHead> given) throws IOException {
        ManifestHead known = heads.get(artifact.manifest());
        ManifestHead head = known != null
                ? known
                : given.orElseThrow(() ->
                        new Corrupt("release: expected the head of manifest " + artifact.manifest() + ", found none"));
        if (!head.content().equals(artifact.content()) || head.shape().length() != artifact.length()) {
            throw new Corrupt("release: expected a manifest of " + artifact.content() + " in " + artifact.length()
                    + " bytes, found " + head.content() + " in " + head.shape().length());
        }
        if (known == null) {
            headFiles.put(artifact.manifest().hash().hex(), head);
            heads.put(artifact.manifest(), head);
        }
    }

    /// Whether no host need keep it any more, and no pin may order it: it was retired, or revoked.
    public boolean isRetired(Hash release) {
        return release(release).filter(isGone).isPresent();
    }

    /// Every release in few words, for those who keep them.
    public ReleaseList list() {
        return ReleaseList.of(releases.values().stream()
                .map(release -> new ReleaseList.Entry(
                        release.hash(), release.document().name().name(), isRetired(release.hash())))
                .toList());
    }

    /// The release that people mean by this; a retired one only if no other is meant.
    public Signed<Release> resolve(String ref) throws IOException {
        return ImageRef.resolve(ref, releases.values(), this::isRetired);
    }

    public Optional<Signed<Release>> release(Hash hash) {
        return Optional.ofNullable(releases.get(hash));
    }

    public ManifestHead head(ManifestId id) throws Unknown {
        ManifestHead head = heads.get(id);
        if (head == null) {
            throw new Unknown("expected the head of a manifest, found none of " + id);
        }
        return head;
    }

    /// Every release, by name, the newest last.
    public List<Signed<Release>> all() {
        return releases.values().stream().sorted(BY_NAME).toList();
    }
}
