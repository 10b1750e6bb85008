package dev.muster.coordinator.rollout;

import dev.muster.coordinator.catalog.EnvelopeFormat;
import dev.muster.coordinator.disk.RecordFiles;
import dev.muster.protocol.MusterException.BadConfiguration;
import dev.muster.protocol.MusterException.Refused;
import dev.muster.protocol.MusterException.StoreRefused;
import dev.muster.protocol.content.Hash;
import dev.muster.protocol.trust.document.Envelope;
import dev.muster.protocol.trust.document.Pin;
import dev.muster.protocol.trust.document.PinBook;
import dev.muster.protocol.trust.document.Root;
import dev.muster.protocol.trust.document.Signed;
import dev.muster.protocol.trust.key.KeyId;
import dev.muster.protocol.trust.key.SigningKey;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// Signs this coordinator's pins, and keeps all that matter. A pin is on the disk before anybody hears of it. Safe for
/// threads.
public final class Director {
    private static final Logger LOG = System.getLogger(Director.class.getName());

    /// How long a pin is accepted by hosts that have not heard of it.
    private static final Duration PIN_LIFE = Duration.ofDays(3650);

    private final RecordFiles<Envelope> files;
    private final Path last;
    private final DirectorKey held;
    private final InstantSource clock;
    private final PinBook book;
    private Root root;

    private Director(Path home, DirectorKey held, Root root, InstantSource clock, PinBook book) throws IOException {
        this.files = RecordFiles.open(home.resolve("pins"), new EnvelopeFormat());
        this.last = home.resolve("last-pin");
        this.held = held;
        this.root = root;
        this.clock = clock;
        this.book = book;
    }

    /// The director of a coordinator's home: its key, its pins, and which pin it signed last.
    ///
    /// @throws BadConfiguration if the key is no director's
    public static Director open(Path home, Root root, InstantSource clock) throws IOException {
        DirectorKey held = DirectorKey.open(home, root);
        List<Signed<Pin>> pins = new ArrayList<>();
        for (Envelope envelope : RecordFiles.open(home.resolve("pins"), new EnvelopeFormat())
                .load()
                .values()) {
            try {
                pins.add(Pin.verify(envelope, root));
            } catch (Refused e) {
                LOG.log(Level.WARNING, "pin not used: pin={0} because={1}", envelope.hash(), e.getMessage());
            }
        }
        List<PinBook.Used> used =
                LastPin.read(home.resolve("last-pin"))
                        .map(mark -> new PinBook.Used(mark.key(), 0, List.of(mark)))
                        .stream()
                        .toList();
        PinBook book = PinBook.restore(pins, used, root, clock.millis());
        Director director = new Director(home, held, root, clock, book);
        // What a crash or a failure left behind between a new pin and the removal of those that it supersedes.
        director.removeAllBut(director.hashes(), pins.stream().map(Signed::hash).collect(Collectors.toSet()));
        return director;
    }

    /// Makes, signs and keeps a pin. Where it cannot remove the pins that this one supersedes, they stay on disk,
    /// unused.
    ///
    /// @throws Refused if another pin with its priority overlaps
    public synchronized Signed<Pin> pin(Wish wish) throws IOException {
        PinRules.checkOverlap(wish, book.pins());
        long now = clock.millis();
        SigningKey key = held.key();
        Hash previous = book.newest(key.id()).map(PinBook.Mark::pin).orElse(Pin.Sequence.NONE);
        Pin.Sequence sequence = new Pin.Sequence(key.id(), PinRules.nextNumber(book.highest(), now), previous);
        Pin.Times times = new Pin.Times(now, 0, 0, now + PIN_LIFE.toMillis());
        Pin.Terms terms = new Pin.Terms(wish.group().priority(), 0, wish.rollback(), times);
        Pin pin = new Pin(wish.name(), wish.group().scope(), wish.order(), wish.wave(), sequence, terms);
        Signed<Pin> signed = Pin.verify(pin.sign(List.of(key)), root);
        LastPin.write(last, signed);
        files.put(signed.hash().hex(), signed.envelope());
        take(signed);
        LOG.log(
                Level.INFO,
                "pinned: name={0} group={1} order={2} pin={3}",
                pin.name(),
                wish.group().name(),
                pin.order(),
                signed.hash());
        return signed;
    }

    /// Takes in a pin that another director signed: another coordinator, or the one that is kept offline.
    ///
    /// @return whether it is new
    /// @throws Refused if it is not signed by a director, or is no news
    public synchronized boolean take(Envelope envelope) throws IOException {
        Signed<Pin> pin = Pin.verify(envelope, root);
        PinBook next = book.copy();
        return switch (next.accept(pin, clock.millis())) {
            case PinBook.Answer.Known() -> false;
            case PinBook.Answer.Refusal(var reason, var message) -> throw new Refused(reason, message);
            case PinBook.Answer.Accepted() -> {
                files.put(pin.hash().hex(), envelope);
                take(pin);
                yield true;
            }
        };
    }

    /// Goes on under the fleet's next root: pins of keys that are no directors any more are forgotten.
    public synchronized void adopt(Root next) throws IOException {
        Set<Hash> before = hashes();
        root = next;
        held.adopt(next);
        book.retain(next);
        removeAllBut(hashes(), before);
    }

    /// The key that it signs with.
    public SigningKey key() {
        return held.key();
    }

    /// By director, the number of its newest pin that matters.
    public synchronized SortedMap<KeyId, Long> newest() {
        SortedMap<KeyId, Long> newest = new TreeMap<>();
        for (Signed<Pin> pin : book.pins()) {
            Pin.Sequence sequence = pin.document().sequence();
            newest.merge(sequence.key(), sequence.number(), Math::max);
        }
        return newest;
    }

    /// Whether no host need keep this release any more.
    public synchronized boolean isRetired(Hash release) {
        return book.retired().contains(release);
    }

    private void take(Signed<Pin> signed) throws IOException {
        Set<Hash> before = hashes();
        switch (book.accept(signed, clock.millis())) {
            case PinBook.Answer.Accepted() -> {}
            case PinBook.Answer.Known() -> {}
            case PinBook.Answer.Refusal(var reason, var message) -> {
                files.remove(signed.hash().hex());
                throw new StoreRefused("pin: expected to add one, found " + reason + ": " + message);
            }
        }
        removeAllBut(hashes(), before);
    }

    private void removeAllBut(Set<Hash> kept, Set<Hash> before) {
        for (Hash hash : before) {
            if (!kept.contains(hash)) {
                try {
                    files.remove(hash.hex());
                } catch (IOException e) {
                    LOG.log(Level.WARNING, "pin not removed: pin={0} because={1}", hash, e.toString());
                }
            }
        }
    }

    /// Every pin that matters, oldest first.
    public synchronized List<Signed<Pin>> pins() {
        return book.pins();
    }

    /// What a host is to run.
    ///
    /// @param labels with its site
    public synchronized PinBook.Decision decide(String host, Map<String, String> labels) {
        return book.decide(host, labels, clock.millis());
    }

    private Set<Hash> hashes() {
        Set<Hash> hashes = new HashSet<>();
        book.pins().forEach(pin -> hashes.add(pin.hash()));
        return hashes;
    }
}
