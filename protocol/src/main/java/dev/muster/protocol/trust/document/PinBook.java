package dev.muster.protocol.trust.document;

import dev.muster.protocol.MusterException.Reason;
import dev.muster.protocol.content.Hash;
import dev.muster.protocol.trust.key.KeyId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/// All pins that still matter, and which of them decides for a host.
///
/// Pins of one name and one scope make a *lane*. Within a lane they are ordered by (number, key id), and the newest one
/// that has reached a host speaks for the lane. Older ones are kept until one reaches every host at once. Of the lanes
/// whose scope a host is in, the one whose speaker has the highest priority decides for that name; the newer speaker
/// decides between equal priorities, which no director makes on purpose. A speaker that withdraws leaves the decision
/// to the other lanes.
///
/// One key that signed two pins under one number has equivocated, or was stolen. Then neither of the two is believed:
/// where one of them speaks and decides, the name is *held*, which means that the host changes nothing, until a newer
/// pin speaks.
///
/// The answer depends on the set of pins that were accepted and not on their order: a pin that comes late and is older
/// than others of its key is taken in, because hosts that the newer ones do not reach yet need it. What can never again
/// make a difference is refused as a replay. (The one exception to all this is a key that has used more than
/// [#NUMBERS_MAX] numbers: what is older than those is refused unseen.)
///
/// Not safe for threads; it has one owner.
public final class PinBook {
    /// Kept pins.
    public static final int PINS_MAX = 8192;

    /// Numbers remembered per key.
    public static final int NUMBERS_MAX = 4096;

    /// Documents remembered under one number: two would do for the alarm.
    private static final int HASHES_MAX = 8;

    private static final Comparator<Signed<Pin>> BY_AGE =
            Comparator.comparing((Signed<Pin> pin) -> pin.document().sequence()).thenComparing(Signed::hash);

    private final Map<Lane, NavigableSet<Signed<Pin>>> lanes = new HashMap<>();
    private final Map<KeyId, Numbers> numbers = new HashMap<>();
    private int size;

    private record Lane(String name, Scope scope) {}

    /// What one key has numbered.
    private static final class Numbers {
        final NavigableMap<Long, SortedSet<Hash>> hashes = new TreeMap<>();
        long floor;

        Set<Hash> at(long number) {
            return hashes.getOrDefault(number, new TreeSet<>());
        }

        void add(long number, Hash hash) {
            SortedSet<Hash> known = hashes.computeIfAbsent(number, unseen -> new TreeSet<>());
            if (known.size() < HASHES_MAX) {
                known.add(hash);
            }
            while (hashes.size() > NUMBERS_MAX) {
                floor = hashes.pollFirstEntry().getKey();
            }
        }
    }

    /// What became of a pin.
    public sealed interface Answer {
        /// It counts from now on.
        record Accepted() implements Answer {}

        /// It counted already, or has been superseded since it did.
        record Known() implements Answer {}

        /// It does not count. [Reason#EQUIVOCATION] is an alarm, and the book has changed: names may be held.
        record Refusal(Reason reason, String message) implements Answer {}
    }

    /// That a key has used a number for a document: what must outlive a restart besides the kept pins.
    public record Mark(KeyId key, long number, Hash pin) {}

    /// What a host is to do, by name.
    ///
    /// @param pins those that decide; each is an order to run
    /// @param held names whose deciding pin is in doubt: nothing is changed
    public record Decision(SortedMap<String, Signed<Pin>> pins, SortedSet<String> held) {}

    /// A book with what an earlier one held: its [#pins] and its [#marks].
    public static PinBook restore(Collection<Signed<Pin>> pins, Collection<Mark> marks) {
        PinBook book = new PinBook();
        marks.forEach(mark -> book.numbersOf(mark.key).add(mark.number, mark.pin));
        for (Signed<Pin> pin : pins) {
            Pin.Sequence sequence = pin.document().sequence();
            book.numbersOf(sequence.key()).add(sequence.number(), pin.hash());
            book.keep(pin);
        }
        return book;
    }

    /// @param now epoch milliseconds
    public Answer accept(Signed<Pin> pin, long now) {
        Pin.Sequence sequence = pin.document().sequence();
        Numbers used = numbersOf(sequence.key());
        Set<Hash> same = used.at(sequence.number());
        if (same.contains(pin.hash()) || isKept(pin)) {
            return new Answer.Known();
        }
        if (sequence.number() <= used.floor) {
            return refusal(Reason.REPLAYED, pin, "a number above " + used.floor);
        }
        if (same.isEmpty() && pin.document().terms().times().expires() <= now) {
            return refusal(Reason.EXPIRED, pin, "one that is good at " + now);
        }
        if (size >= PINS_MAX) {
            return refusal(Reason.NOT_ALLOWED, pin, "at most " + PINS_MAX + " pins that matter");
        }
        boolean equivocates = !same.isEmpty();
        used.add(sequence.number(), pin.hash());
        boolean kept = keep(pin);
        if (equivocates) {
            return refusal(Reason.EQUIVOCATION, pin, "the only pin with this number of " + sequence.key());
        }
        return kept ? new Answer.Accepted() : refusal(Reason.REPLAYED, pin, "one that no newer pin supersedes");
    }

    /// What this host is to run.
    ///
    /// @param labels the host's, with its site
    /// @param now epoch milliseconds
    public Decision decide(String host, Map<String, String> labels, long now) {
        Map<String, Signed<Pin>> deciding = new HashMap<>();
        lanes.forEach((lane, pins) -> {
            if (lane.scope.matches(host, labels)) {
                speaker(pins, host, now)
                        .filter(pin -> isInDoubt(pin) || pin.document().order() instanceof Order.Run)
                        .ifPresent(pin -> deciding.merge(lane.name, pin, PinBook::higher));
            }
        });
        SortedMap<String, Signed<Pin>> pins = new TreeMap<>();
        SortedSet<String> held = new TreeSet<>();
        deciding.forEach((name, pin) -> {
            if (isInDoubt(pin)) {
                held.add(name);
            } else {
                pins.put(name, pin);
            }
        });
        return new Decision(pins, held);
    }

    /// Forgets the keys that are not directors of `root`, with all they have signed and numbered. So a stolen key that
    /// signed a huge number does no harm once the root has dropped it.
    public void retain(Root root) {
        Set<KeyId> directors = root.signers(KeyRole.DIRECTOR).keys().keySet();
        numbers.keySet().retainAll(directors);
        lanes.values()
                .forEach(pins -> pins.removeIf(
                        pin -> !directors.contains(pin.document().sequence().key())));
        lanes.values().removeIf(Set::isEmpty);
        size = lanes.values().stream().mapToInt(Set::size).sum();
    }

    /// Every kept pin, oldest first.
    public List<Signed<Pin>> pins() {
        List<Signed<Pin>> all = new ArrayList<>(size);
        lanes.values().forEach(all::addAll);
        all.sort(BY_AGE);
        return all;
    }

    /// Every number that is remembered.
    public List<Mark> marks() {
        List<Mark> marks = new ArrayList<>();
        new TreeMap<>(numbers)
                .forEach((key, used) -> used.hashes.forEach(
                        (number, hashes) -> hashes.forEach(hash -> marks.add(new Mark(key, number, hash)))));
        return marks;
    }

    /// The highest number of any key; 0 if there is none.
    public long highest() {
        return numbers.values().stream()
                .filter(used -> !used.hashes.isEmpty())
                .mapToLong(used -> used.hashes.lastKey())
                .max()
                .orElse(0);
    }

    /// Whether its key has signed another pin with the same number.
    public boolean isInDoubt(Signed<Pin> pin) {
        Pin.Sequence sequence = pin.document().sequence();
        Numbers used = numbers.get(sequence.key());
        return used != null && used.at(sequence.number()).size() > 1;
    }

    private Numbers numbersOf(KeyId key) {
        return numbers.computeIfAbsent(key, unseen -> new Numbers());
    }

    private boolean isKept(Signed<Pin> pin) {
        return lanes.getOrDefault(laneOf(pin), new TreeSet<>(BY_AGE)).contains(pin);
    }

    /// Puts the pin into its lane and drops what it supersedes; false if it is superseded itself.
    private boolean keep(Signed<Pin> pin) {
        NavigableSet<Signed<Pin>> lane = lanes.computeIfAbsent(laneOf(pin), unseen -> new TreeSet<>(BY_AGE));
        boolean superseded = lane.tailSet(pin, false).stream()
                .anyMatch(newer -> newer.document().reachesAll()
                        && newer.document().sequence().compareTo(pin.document().sequence()) > 0);
        if (superseded) {
            return false;
        }
        size -= lane.size();
        if (pin.document().reachesAll()) {
            lane.removeIf(older ->
                    older.document().sequence().compareTo(pin.document().sequence()) < 0);
        }
        lane.add(pin);
        size += lane.size();
        return true;
    }

    private static Lane laneOf(Signed<Pin> pin) {
        return new Lane(pin.document().name(), pin.document().scope());
    }

    private static Optional<Signed<Pin>> speaker(NavigableSet<Signed<Pin>> lane, String host, long now) {
        return lane.descendingSet().stream()
                .filter(pin -> pin.document().reaches(host, now))
                .findFirst();
    }

    private static Signed<Pin> higher(Signed<Pin> one, Signed<Pin> other) {
        int order = Integer.compare(
                one.document().terms().priority(), other.document().terms().priority());
        return (order != 0 ? order : BY_AGE.compare(one, other)) > 0 ? one : other;
    }

    private static Answer.Refusal refusal(Reason reason, Signed<Pin> pin, String expected) {
        return new Answer.Refusal(
                reason,
                "pin " + pin.hash().brief() + " of " + pin.document().name() + ": expected " + expected
                        + ", found number " + pin.document().sequence().number());
    }
}
