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

/// The releases that may be installed, with the heads of their manifests. Safe for threads.
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

    private Catalog(RecordFiles<Envelope> releaseFiles, RecordFiles<ManifestHead> headFiles) {
        this.releaseFiles = releaseFiles;
        this.headFiles = headFiles;
    }

    /// Opens what lies there and verifies it again. A release whose keys the root no longer names stays on disk,
    /// unused.
    public static Catalog open(Path releases, Path heads, Root root) throws IOException {
        Catalog catalog = new Catalog(
                RecordFiles.open(releases, new EnvelopeFormat()), RecordFiles.open(heads, new HeadFormat()));
        catalog.headFiles.load().values().forEach(head -> catalog.heads.put(head.id(), head));
        for (Envelope envelope : catalog.releaseFiles.load().values()) {
            try {
                Signed<Release> release = Release.verify(envelope, root);
                catalog.releases.put(release.hash(), release);
            } catch (Refused e) {
                LOG.log(Level.WARNING, "release not used: release={0} because={1}", envelope.hash(), e.getMessage());
            }
        }
        return catalog;
    }

    /// Takes a release in, with the heads that are not here yet. A release that is here already changes nothing.
    ///
    /// @throws Refused if not enough release keys signed it, or another release has its version or its counter
    /// @throws Corrupt if a head is missing or does not fit
    public synchronized Signed<Release> register(Envelope envelope, Collection<ManifestHead> given, Root root)
            throws IOException {
        Signed<Release> release = Release.verify(envelope, root);
        if (releases.containsKey(release.hash())) {
            return release;
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

    /// The release that people mean by this.
    public Signed<Release> resolve(String ref) throws IOException {
        return ImageRef.resolve(ref, releases.values());
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
