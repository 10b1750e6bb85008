package dev.muster.coordinator.rollout;

import dev.muster.coordinator.catalog.EnvelopeFormat;
import dev.muster.coordinator.disk.RecordFiles;
import dev.muster.protocol.MusterException.BadConfiguration;
import dev.muster.protocol.MusterException.Refused;
import dev.muster.protocol.MusterException.StoreRefused;
import dev.muster.protocol.content.Hash;
import dev.muster.protocol.trust.document.Envelope;
import dev.muster.protocol.trust.document.KeyRole;
import dev.muster.protocol.trust.document.Pin;
import dev.muster.protocol.trust.document.PinBook;
import dev.muster.protocol.trust.document.Root;
import dev.muster.protocol.trust.document.Signed;
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
import java.util.stream.Collectors;

/// Signs this coordinator's pins, and keeps all that matter. A pin is on the disk before anybody hears of it. Safe for
/// threads.
public final class Director {
    private static final Logger LOG = System.getLogger(Director.class.getName());

    /// How long a pin is accepted by hosts that have not heard of it.
    private static final Duration PIN_LIFE = Duration.ofDays(3650);

    private final RecordFiles<Envelope> files;
    private final SigningKey key;
    private final InstantSource clock;
    private final PinBook book;
    private Root root;

    private Director(RecordFiles<Envelope> files, SigningKey key, Root root, InstantSource clock, PinBook book) {
        this.files = files;
        this.key = key;
        this.root = root;
        this.clock = clock;
        this.book = book;
    }

    /// @throws BadConfiguration if the key is no director's
    public static Director open(Path directory, SigningKey key, Root root, InstantSource clock) throws IOException {
        if (!root.signers(KeyRole.DIRECTOR).keys().containsKey(key.id())) {
            throw new BadConfiguration(
                    "coordinator: expected the key of a director of fleet " + root.fleet() + ", found " + key.id());
        }
        RecordFiles<Envelope> files = RecordFiles.open(directory, new EnvelopeFormat());
        List<Signed<Pin>> pins = new ArrayList<>();
        for (Envelope envelope : files.load().values()) {
            try {
                pins.add(Pin.verify(envelope, root));
            } catch (Refused e) {
                LOG.log(Level.WARNING, "pin not used: pin={0} because={1}", envelope.hash(), e.getMessage());
            }
        }
        Director director = new Director(files, key, root, clock, PinBook.restore(pins, List.of()));
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
        Pin.Sequence sequence = new Pin.Sequence(key.id(), PinRules.nextNumber(book.highest(), now), previous());
        Pin.Times times = new Pin.Times(now, now, 0, now + PIN_LIFE.toMillis());
        Pin.Terms terms = new Pin.Terms(wish.group().priority(), 0, wish.rollback(), times);
        Pin pin = new Pin(wish.name(), wish.group().scope(), wish.order(), wish.wave(), sequence, terms);
        Signed<Pin> signed = Pin.verify(pin.sign(List.of(key)), root);
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

    /// Goes on under the fleet's next root: pins of keys that are no directors any more are forgotten.
    public synchronized void adopt(Root next) {
        Set<Hash> before = hashes();
        root = next;
        book.retain(next);
        removeAllBut(hashes(), before);
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

    /// The hash of this key's newest pin.
    private Hash previous() {
        Hash newest = Pin.Sequence.NONE;
        for (Signed<Pin> pin : book.pins()) {
            newest = pin.document().sequence().key().equals(key.id()) ? pin.hash() : newest;
        }
        return newest;
    }
}
