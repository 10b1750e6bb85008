package dev.muster.agent.keep;

import dev.muster.agent.delivery.Delivery;
import dev.muster.agent.document.Documents;
import dev.muster.agent.document.Upstream;
import dev.muster.protocol.MusterException.Reason;
import dev.muster.protocol.MusterException.Refused;
import dev.muster.protocol.MusterException.Unreachable;
import dev.muster.protocol.content.Hash;
import dev.muster.protocol.content.ManifestId;
import dev.muster.protocol.net.ReleaseList;
import dev.muster.protocol.trust.document.Envelope;
import dev.muster.protocol.trust.document.KeepRule;
import dev.muster.protocol.trust.document.Release;
import dev.muster.protocol.trust.document.Signed;
import dev.muster.protocol.trust.document.Type;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;

/// Decides what this host keeps, and sees to it that it does: see this package's documentation. Safe for threads.
public final class Keeper implements AutoCloseable {
    /// What was packed may become a release for so long.
    private static final Duration PACKED = Duration.ofDays(1);

    private static final Duration WAIT = Duration.ofSeconds(20);
    private static final Duration IDLE = Duration.ofSeconds(1);
    private static final Duration AGAIN_MIN = Duration.ofMillis(500);
    private static final Duration AGAIN_MAX = Duration.ofSeconds(15);
    private static final Logger LOG = System.getLogger(Keeper.class.getName());

    private final KeepRule rule;
    private final Kept kept;
    private final Tools tools;
    private final Gathering gathering;
    private final Set<Hash> refused = new HashSet<>();
    private final AtomicBoolean adoptAgain = new AtomicBoolean();
    private final Thread thread = Thread.ofVirtual().name("keep").unstarted(this::follow);

    /// What a keeper works with.
    ///
    /// @param busy whether this host carries out a pin now
    public record Tools(
            Documents documents, Upstream upstream, Delivery delivery, BooleanSupplier busy, InstantSource clock) {}

    /// How far it is.
    ///
    /// @param claims how many releases it keeps, and what was packed here
    /// @param missing how many of them it fetches still
    /// @param error why the last fetch failed, or empty
    public record State(KeepRule rule, int claims, int missing, String error) {}

    private Keeper(KeepRule rule, Kept kept, Tools tools) {
        this.rule = rule;
        this.kept = kept;
        this.tools = tools;
        this.gathering = new Gathering(tools.delivery, this::missing, tools.busy);
    }

    /// Reads the claims. Those that were made by another rule, and not by this one, are let go.
    ///
    /// @param directory `HOME/keep`
    public static Keeper open(Path directory, KeepRule rule, Tools tools) throws IOException {
        Kept kept = Kept.open(directory);
        kept.removeIf(claim -> !claim.published() && !rule.keeps(claim.name()));
        return new Keeper(rule, kept, tools);
    }

    /// Serves what is claimed and not whole here, and begins to fetch and to ask.
    public void start() throws IOException {
        Set<ManifestId> whole = tools.delivery.whole();
        for (ManifestId manifest : kept.manifests()) {
            if (!whole.contains(manifest)) {
                tools.delivery.holdKnown(manifest);
            }
        }
        gathering.start();
        thread.start();
    }

    @Override
    public void close() {
        thread.interrupt();
        gathering.close();
    }

    /// What must not be collected on this host.
    public Set<ManifestId> manifests() {
        Set<ManifestId> manifests = new HashSet<>();
        kept.claims().stream().filter(this::holds).forEach(claim -> manifests.addAll(claim.manifests()));
        return manifests;
    }

    /// A claim of what was published here outlives that it is retired, so that it holds again when that is taken back.
    private boolean holds(Claim claim) {
        return !tools.documents.mayGo(claim.key());
    }

    /// Lets go of what is retired or revoked by now; of what was published here when it is not whole any more. Never
    /// waits for long.
    public void look() {
        try {
            Set<ManifestId> whole = tools.delivery.whole();
            for (Claim claim :
                    kept.removeIf(each -> !holds(each) && !(each.published() && whole.containsAll(each.manifests())))) {
                LOG.log(
                        Level.INFO,
                        "let go: name={0} release={1}",
                        claim.name(),
                        claim.key().brief());
            }
        } catch (IOException e) {
            LOG.log(Level.ERROR, "claim not let go: cause={0}", e.getMessage());
        }
        adoptAgain.set(true);
        gathering.wake();
    }

    public State state() {
        return new State(
                rule,
                (int) kept.claims().stream().filter(this::holds).count(),
                missing().size(),
                gathering.error());
    }

    public KeepRule rule() {
        return rule;
    }

    /// Takes in a manifest that was packed on this host, head and pages of which are in the store: it is served, and
    /// claimed for a day.
    ///
    /// @return whether all of it is here
    public boolean packed(ManifestId manifest) throws IOException {
        kept.put(Claim.packed(manifest, tools.clock.millis() + PACKED.toMillis()));
        return tools.delivery.hold(manifest);
    }

    /// What was packed here has become a release: it is claimed until that is retired.
    ///
    /// @throws Refused if it is no release, or not signed by the release keys
    public void published(Envelope envelope) throws IOException {
        if (envelope.type() != Type.RELEASE) {
            throw new Refused(Reason.MALFORMED, "expected a release, found " + envelope.type());
        }
        tools.documents.offer(envelope);
        Claim claim = Claim.of(tools.documents.release(envelope.hash()).orElseThrow(), true);
        kept.put(claim);
        kept.removeIf(other -> other.name().isEmpty() && claim.manifests().containsAll(other.manifests()));
        gathering.wake();
    }

    /// What is to be fetched, the newest release first.
    private List<Claim> missing() {
        Set<ManifestId> whole = tools.delivery.whole();
        return kept.claims().stream()
                .filter(claim -> holds(claim) && rule.keeps(claim.name()) && !whole.containsAll(claim.manifests()))
                .sorted(Comparator.comparingLong(this::created).reversed())
                .toList();
    }

    private long created(Claim claim) {
        return tools.documents
                .release(claim.key())
                .map(release -> release.document().created())
                .orElse(0L);
    }

    private void follow() {
        long revision = 0;
        Duration again = AGAIN_MIN;
        try {
            while (true) {
                try {
                    kept.removeIf(claim -> claim.hasEnded(tools.clock.millis()));
                    if (rule.isNothing() && kept.claims().isEmpty()) {
                        Thread.sleep(IDLE);
                        continue;
                    }
                    if (adoptAgain.getAndSet(false)) {
                        revision = 0; // What was let go may have been brought back.
                    }
                    ReleaseList list = tools.upstream.releases(revision, revision == 0 ? Duration.ZERO : WAIT);
                    adopt(list.entries());
                    revision = list.revision();
                    again = AGAIN_MIN;
                } catch (IOException e) {
                    LOG.log(Level.DEBUG, "releases not had from a coordinator: cause={0}", e.getMessage());
                    revision = 0; // What came may not have been adopted whole.
                    Thread.sleep(again);
                    again = again.multipliedBy(2).compareTo(AGAIN_MAX) < 0 ? again.multipliedBy(2) : AGAIN_MAX;
                }
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private void adopt(List<ReleaseList.Entry> entries) throws IOException, InterruptedException {
        for (ReleaseList.Entry entry : entries) {
            if (!entry.retired()
                    && rule.keeps(entry.name())
                    && kept.claim(entry.release()).isEmpty()) {
                Optional<Signed<Release>> release = release(entry.release());
                if (release.isPresent()
                        && !tools.documents.mayGo(entry.release())
                        && rule.keeps(release.get().document().name().name())) {
                    kept.put(Claim.of(release.get(), false));
                    gathering.wake();
                }
            }
        }
    }

    /// The document, from a coordinator if it is not here; empty if it is not believed, which is said once.
    private Optional<Signed<Release>> release(Hash hash) throws IOException, InterruptedException {
        if (!tools.documents.has(hash) && !refused.contains(hash)) {
            Envelope envelope = tools.upstream
                    .document(hash)
                    .orElseThrow(() -> new Unreachable("release " + hash + ": in the list, and not to be had"));
            try {
                tools.documents.offer(envelope);
            } catch (Refused e) {
                refused.add(hash);
                LOG.log(Level.WARNING, "release not kept: reason={0} cause={1}", e.reason(), e.getMessage());
            }
        }
        return tools.documents.release(hash);
    }
}
