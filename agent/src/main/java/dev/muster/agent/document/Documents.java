package dev.muster.agent.document;

import dev.muster.protocol.MusterException.Reason;
import dev.muster.protocol.MusterException.Refused;
import dev.muster.protocol.content.Hash;
import dev.muster.protocol.content.ManifestId;
import dev.muster.protocol.trust.document.Envelope;
import dev.muster.protocol.trust.document.Order;
import dev.muster.protocol.trust.document.Pin;
import dev.muster.protocol.trust.document.PinBook;
import dev.muster.protocol.trust.document.Release;
import dev.muster.protocol.trust.document.RootChain;
import dev.muster.protocol.trust.document.Signed;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// What this host believes: see this package's documentation. Safe for many threads.
public final class Documents {
    private static final int RELEASES_MAX = 10_000;
    private static final Logger LOG = System.getLogger(Documents.class.getName());

    private final Folder folder;
    private final InstantSource clock;
    private final Map<Hash, Signed<Release>> releases = new LinkedHashMap<>();
    private RootChain roots;
    private PinBook book = new PinBook();
    private Set<Hash> pinsSeen = Set.of();
    private long revision;

    private Documents(Folder folder, RootChain roots, InstantSource clock) {
        this.folder = folder;
        this.roots = roots;
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
    public static Documents open(Path directory, RootChain roots, InstantSource clock) throws IOException {
        Documents documents = new Documents(Folder.open(directory), roots, clock);
        documents.load();
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

    /// Takes in a document from anybody.
    ///
    /// @throws Refused with the reason, and nothing has changed, but that an equivocation is remembered
    public synchronized Outcome offer(Envelope envelope) throws IOException {
        return switch (envelope.type()) {
            case RELEASE -> offerRelease(envelope);
            case PIN -> offerPin(envelope);
            case ROOT -> offerRoot(envelope);
            case HOST_REPORT -> throw new Refused(Reason.MALFORMED, "expected what hosts keep, found a host report");
        };
    }

    /// What this host is to run now.
    public synchronized PinBook.Decision decide(String host, Map<String, String> labels) {
        return book.decide(host, labels, clock.millis());
    }

    public synchronized Optional<Signed<Release>> release(Hash hash) {
        return Optional.ofNullable(releases.get(hash));
    }

    /// The newest release of that name whose primary image is this one.
    public synchronized Optional<Signed<Release>> release(String name, ManifestId primary) {
        return releases.values().stream()
                .filter(each -> each.document().name().name().equals(name))
                .filter(each -> each.document().primary().manifest().equals(primary))
                .max((a, b) -> Long.compare(a.document().counter(), b.document().counter()));
    }

    public synchronized Collection<Signed<Release>> releases() {
        return List.copyOf(releases.values());
    }

    /// Releases that a pin orders and that are not here.
    public synchronized Set<Hash> missing() {
        Set<Hash> missing = new HashSet<>();
        for (Signed<Pin> pin : book.pins()) {
            if (pin.document().order() instanceof Order.Run(Hash release) && !releases.containsKey(release)) {
                missing.add(release);
            }
        }
        return missing;
    }

    /// The names of all that is kept, to pass on: newest pins first, then newest releases first.
    public synchronized List<Hash> hashes() {
        List<Hash> hashes = new ArrayList<>();
        book.pins().reversed().forEach(pin -> hashes.add(pin.hash()));
        releases.values().stream()
                .sorted(Comparator.comparingLong(
                                (Signed<Release> each) -> each.document().created())
                        .reversed()
                        .thenComparing(Signed::hash))
                .forEach(release -> hashes.add(release.hash()));
        return hashes;
    }

    public synchronized boolean has(Hash hash) {
        return releases.containsKey(hash) || pinsSeen.contains(hash);
    }

    /// The bytes of a kept document.
    public synchronized Optional<byte[]> bytes(Hash hash) {
        Signed<Release> release = releases.get(hash);
        if (release != null) {
            return Optional.of(release.envelope().encode());
        }
        return book.pins().stream()
                .filter(pin -> pin.hash().equals(hash))
                .findFirst()
                .map(pin -> pin.envelope().encode());
    }

    /// Goes up with every document that counts.
    public synchronized long revision() {
        return revision;
    }

    private Outcome offerRoot(Envelope envelope) throws IOException {
        RootChain next = roots.step(envelope);
        if (next.roots().size() == roots.roots().size()) {
            return Outcome.KNOWN;
        }
        folder.writeRoot(next.roots().size() - 1, envelope);
        roots = next;
        book.retain(next.newest());
        adopt(book);
        revision++;
        return Outcome.NEW;
    }

    private Outcome offerRelease(Envelope envelope) throws IOException {
        if (releases.containsKey(envelope.hash())) {
            return Outcome.KNOWN;
        }
        Signed<Release> release = Release.verify(envelope, roots.newest());
        if (releases.size() >= RELEASES_MAX) {
            throw new Refused(
                    Reason.NOT_ALLOWED, "release " + release.hash() + ": " + RELEASES_MAX + " are kept already");
        }
        folder.write(Folder.Kind.RELEASE, envelope);
        releases.put(release.hash(), release);
        revision++;
        return Outcome.NEW;
    }

    private Outcome offerPin(Envelope envelope) throws IOException {
        if (pinsSeen.contains(envelope.hash())) {
            return Outcome.KNOWN;
        }
        Signed<Pin> pin = Pin.verify(envelope, roots.newest());
        PinBook next = PinBook.restore(book.pins(), book.marks());
        return switch (next.accept(pin, clock.millis())) {
            case PinBook.Answer.Known() -> Outcome.KNOWN;
            case PinBook.Answer.Accepted() -> {
                keep(next, envelope);
                yield Outcome.NEW;
            }
            case PinBook.Answer.Refusal(Reason reason, String message) -> {
                if (reason == Reason.EQUIVOCATION) {
                    LOG.log(Level.ERROR, "equivocation: {0}; the name is held until a newer pin comes", message);
                    keep(next, envelope);
                }
                throw new Refused(reason, message);
            }
        };
    }

    /// The pin first: it says its own number, while a number without its pin would keep the pin out for good. What it
    /// supersedes goes last: until the numbers are written, nothing else says that those were used.
    private void keep(PinBook next, Envelope pin) throws IOException {
        Set<Hash> kept = hashes(next.pins());
        if (kept.contains(pin.hash())) {
            folder.write(Folder.Kind.PIN, pin);
        }
        folder.writeNumbers(next.marks());
        deleteAllBut(kept, book.pins());
        adopt(next);
        revision++;
    }

    private void deleteAllBut(Set<Hash> kept, Collection<Signed<Pin>> pins) throws IOException {
        for (Signed<Pin> pin : pins) {
            if (!kept.contains(pin.hash())) {
                folder.delete(Folder.Kind.PIN, pin.hash());
            }
        }
    }

    private void adopt(PinBook next) {
        book = next;
        pinsSeen = next.marks().stream().map(PinBook.Mark::pin).collect(Collectors.toSet());
    }

    private static Set<Hash> hashes(Collection<Signed<Pin>> pins) {
        return pins.stream().map(Signed::hash).collect(Collectors.toSet());
    }

    private void load() throws IOException {
        for (Envelope envelope : folder.read(Folder.Kind.RELEASE)) {
            try {
                Signed<Release> release = Release.verify(envelope, roots.newest());
                releases.put(release.hash(), release);
            } catch (Refused e) {
                LOG.log(Level.WARNING, "kept release refused: cause={0}", e.getMessage());
            }
        }
        List<Signed<Pin>> pins = new ArrayList<>();
        for (Envelope envelope : folder.read(Folder.Kind.PIN)) {
            try {
                pins.add(Pin.verify(envelope, roots.newest()));
            } catch (Refused e) {
                LOG.log(Level.WARNING, "kept pin refused: cause={0}", e.getMessage());
            }
        }
        adopt(PinBook.restore(pins, folder.readNumbers()));
        deleteAllBut(hashes(book.pins()), pins);
        revision = (long) releases.size() + book.pins().size();
    }
}
