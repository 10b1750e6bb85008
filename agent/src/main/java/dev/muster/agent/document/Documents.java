package dev.muster.agent.document;

import dev.muster.protocol.MusterException.BadConfiguration;
import dev.muster.protocol.MusterException.Reason;
import dev.muster.protocol.MusterException.Refused;
import dev.muster.protocol.content.Hash;
import dev.muster.protocol.content.ManifestId;
import dev.muster.protocol.trust.document.Attack;
import dev.muster.protocol.trust.document.Beliefs;
import dev.muster.protocol.trust.document.Duties;
import dev.muster.protocol.trust.document.Envelope;
import dev.muster.protocol.trust.document.PinBook;
import dev.muster.protocol.trust.document.Release;
import dev.muster.protocol.trust.document.RootChain;
import dev.muster.protocol.trust.document.Signed;
import dev.muster.protocol.trust.document.Type;
import dev.muster.protocol.trust.key.Subject;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedSet;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// What this host believes, on its disk: see this package's documentation. What may be believed [Beliefs] decides. Safe
/// for many threads.
public final class Documents {
    /// Refused or superseded ones that need not be fetched again.
    private static final int SETTLED_MAX = 16_384;

    private static final Logger LOG = System.getLogger(Documents.class.getName());

    private final Folder folder;
    private final Release.Fit fit;
    private final InstantSource clock;
    private final SequencedSet<Hash> settled = new LinkedHashSet<>();
    private final Map<String, Hash> local = new HashMap<>();
    private volatile Beliefs beliefs;
    private long revision;

    private Documents(Folder folder, Beliefs beliefs, Release.Fit fit, InstantSource clock) {
        this.folder = folder;
        this.beliefs = beliefs;
        this.fit = fit;
        this.clock = clock;
    }

    /// What became of an offered document.
    public enum Outcome {
        /// It counts from now on.
        NEW,
        /// It changed nothing.
        KNOWN
    }

    /// Reads what is kept under `directory`. A file that does not verify any more is passed over and said so.
    ///
    /// @param roots at least the one that this host pinned
    /// @param fit what this host is: what was made for others it refuses
    public static Documents open(Path directory, RootChain roots, Release.Fit fit, InstantSource clock)
            throws IOException {
        Folder folder = Folder.open(directory);
        Beliefs restored = Beliefs.restore(
                roots,
                folder.kept(),
                folder.numbers(),
                clock.millis(),
                (envelope, e) -> LOG.log(
                        Level.WARNING, "kept document refused: type={0} cause={1}", envelope.type(), e.getMessage()));
        folder.clean(restored);
        Documents documents = new Documents(folder, restored, fit, clock);
        documents.local.putAll(folder.local());
        return documents;
    }

    /// What a document is called, if the bytes are one.
    public static Optional<Hash> nameOf(byte[] bytes) {
        try {
            return Optional.of(Envelope.decode(bytes).hash());
        } catch (Refused _) {
            return Optional.empty();
        }
    }

    /// Takes in a document from anybody. What it changes is on the disk when this returns.
    ///
    /// @throws Refused with the reason, and nothing has changed, but that an equivocation is remembered
    public synchronized Outcome offer(Envelope envelope) throws IOException {
        return switch (beliefs.judge(envelope, clock.millis())) {
            case Beliefs.Verdict.Known() -> {
                settle(envelope.hash());
                yield Outcome.KNOWN;
            }
            case Beliefs.Verdict.Believed(Beliefs next) -> {
                believe(next, envelope.type());
                yield Outcome.NEW;
            }
            case Beliefs.Verdict.Refusal(Attack attack, Reason reason, var next) -> {
                if (next.isPresent()) {
                    LOG.log(Level.ERROR, "equivocation: {0}; names are held until a newer pin comes", attack.message());
                    believe(next.get(), envelope.type());
                }
                if (attack instanceof Attack.Rollback) {
                    settle(envelope.hash());
                }
                throw new Refused(reason, attack.name() + ": " + attack.message());
            }
        };
    }

    private void believe(Beliefs next, Type because) throws IOException {
        folder.replace(beliefs, next);
        if (because == Type.ROOT) {
            settled.clear(); // What one key superseded counts again when that key is gone.
        }
        beliefs = next;
        revision++;
    }

    private void settle(Hash hash) {
        if (settled.size() >= SETTLED_MAX) {
            Hash _ = settled.removeFirst();
        }
        settled.add(hash);
    }

    /// What this host is to run now.
    ///
    /// @param labels the host's, with its site
    public synchronized Duties decide(String host, Map<String, String> labels) {
        return beliefs.decide(new Duties.Self(host, labels, fit, local), clock.millis());
    }

    /// Runs this release from now on, whatever pins say, until [#unpinLocally].
    ///
    /// @throws Refused if the release keys have taken it back, or it was made for other hosts
    public synchronized void pinLocally(Signed<Release> release) throws IOException {
        String name = release.document().name().name();
        Duties.Self self = new Duties.Self("self", Map.of(), fit, Map.of(name, release.hash()));
        Attack attack = beliefs.decide(self, clock.millis()).refused().get(name);
        if (attack != null) {
            throw new Refused(
                    attack instanceof Attack.RevokedSoftware ? Reason.REVOKED : Reason.WRONG_SCOPE, attack.message());
        }
        folder.pinLocally(name, release.hash());
        local.put(name, release.hash());
        revision++;
        LOG.log(Level.WARNING, "pinned on this host: release={0}", release.document().name());
    }

    /// Pins decide again for this name.
    ///
    /// @throws BadConfiguration if they did already
    public synchronized void unpinLocally(String name) throws IOException {
        if (!local.containsKey(name)) {
            throw new BadConfiguration("unpin: expected a name that is pinned on this host, one of " + local.keySet()
                    + ", found " + name);
        }
        folder.unpinLocally(name);
        local.remove(name);
        revision++;
        LOG.log(Level.INFO, "no longer pinned on this host: name={0}", name);
    }

    /// By name, the release that was pinned on this host itself.
    public synchronized Map<String, Hash> local() {
        return Map.copyOf(local);
    }

    /// Of each director the newest pin that was seen here.
    public List<PinBook.Mark> newestPins() {
        return beliefs.newestPins();
    }

    /// What an operator must know, each in a line.
    public List<String> alarms() {
        return beliefs.alarms(clock.millis());
    }

    /// Whether this member of the fleet is shut out.
    public boolean isRevoked(Subject member) {
        return beliefs.isRevoked(member);
    }

    /// Whether no host need keep this release any more.
    public boolean mayGo(Hash release) {
        return beliefs.mayGo(release);
    }

    /// The roots, from the one that this host pinned to the newest.
    public RootChain roots() {
        return beliefs.roots();
    }

    public Optional<Signed<Release>> release(Hash hash) {
        return Optional.ofNullable(beliefs.releases().get(hash));
    }

    /// The newest release of that name whose primary image is this one.
    public Optional<Signed<Release>> release(String name, ManifestId primary) {
        return releases().stream()
                .filter(each -> each.document().name().name().equals(name))
                .filter(each -> each.document().primary().manifest().equals(primary))
                .max((a, b) -> Long.compare(a.document().counter(), b.document().counter()));
    }

    public Collection<Signed<Release>> releases() {
        return beliefs.releases().values();
    }

    /// Releases that a pin orders and that are not here.
    public Set<Hash> missing() {
        Beliefs now = beliefs;
        return Stream.concat(
                        now.pins().stream()
                                .flatMap(pin -> pin.document().order().ordered().stream()),
                        local().values().stream())
                .filter(release -> !now.releases().containsKey(release))
                .collect(Collectors.toSet());
    }

    /// The names of all that is kept, to pass on, in the order in which others should hear of them.
    public List<Hash> hashes() {
        return beliefs.hashes();
    }

    /// Whether there is nothing to be had from fetching it.
    public synchronized boolean has(Hash hash) {
        return settled.contains(hash) || beliefs.document(hash).isPresent();
    }

    /// The bytes of a kept document.
    public Optional<byte[]> bytes(Hash hash) {
        return beliefs.document(hash).map(Envelope::encode);
    }

    /// Goes up with every document that counts.
    public synchronized long revision() {
        return revision;
    }
}
