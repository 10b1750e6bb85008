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
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// What this host believes: see this package's documentation. Safe for many threads.
public final class Documents {
    private static final int RELEASES_MAX = 4096;
    private static final Logger LOG = System.getLogger(Documents.class.getName());

    private final Folder folder;
    private final InstantSource clock;
    private final Map<Hash, Signed<Release>> releases = new LinkedHashMap<>();
    private RootChain roots;
    private PinBook book = new PinBook();
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

    /// The names of all that is kept, to pass on: newest pins first.
    public synchronized List<Hash> hashes() {
        List<Hash> hashes = new ArrayList<>();
        book.pins().reversed().forEach(pin -> hashes.add(pin.hash()));
        hashes.addAll(releases.keySet());
        return hashes;
    }

    public synchronized boolean has(Hash hash) {
        return releases.containsKey(hash)
                || book.marks().stream().anyMatch(mark -> mark.pin().equals(hash));
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

    /// The numbers first: a crash in between must not let a replay in.
    private void keep(PinBook next, Envelope pin) throws IOException {
        folder.writeNumbers(next.marks());
        if (next.pins().stream().anyMatch(kept -> kept.hash().equals(pin.hash()))) {
            folder.write(Folder.Kind.PIN, pin);
        }
        for (Signed<Pin> old : book.pins()) {
            if (next.pins().stream().noneMatch(kept -> kept.hash().equals(old.hash()))) {
                folder.delete(Folder.Kind.PIN, old.hash());
            }
        }
        book = next;
        revision++;
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
        book = PinBook.restore(pins, folder.readNumbers());
        revision = (long) releases.size() + pins.size();
    }
}
