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
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/// All pins that still matter, and which of them decides for a host.
///
/// Pins of one name and one scope make a *lane*. Within a lane they are ordered by (number, key id), and the newest one
/// that has reached a host speaks for the lane. Older ones are kept until one reaches every host. Of the lanes
/// whose scope a host is in, the one whose speaker has the highest priority decides for that name; the newer speaker
/// decides between equal priorities, which no director makes on purpose. A speaker that withdraws leaves the decision
/// to the other lanes. Pins that let a release go, or bring it back, have a lane for each release.
///
/// One key that signed two pins under one number has equivocated, or was stolen. Then neither of the two is believed:
/// where one of them speaks and decides, the name is *held*, which means that the host changes nothing, until a newer
/// pin speaks. One key that signed two pins after the same one has *forked*: there are two of it, or its coordinator
/// was restored from an old disk. That is an alarm, and the numbers still give one answer.
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

    private static final Comparator<Signed<Pin>> BY_AGE =
            Comparator.comparing((Signed<Pin> pin) -> pin.document().sequence()).thenComparing(Signed::hash);

    private final Map<Lane, NavigableSet<Signed<Pin>>> lanes = new HashMap<>();
    private final Map<KeyId, UsedNumbers> numbers = new TreeMap<>();
    private int ceiling;
    private int size;

    /// @param kept the release that is to be kept or let go
    private record Lane(String name, Scope scope, Optional<Hash> kept) {
        static Lane of(Signed<Pin> pin) {
            return new Lane(
                    pin.document().name(),
                    pin.document().scope(),
                    pin.document().order().kept());
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

    /// That a key has used a number for a document.
    ///
    /// @param previous hash of the pin that it says it comes after
    /// @param since epoch milliseconds: whatever it says, it was not there before; 0 = nobody knows better
    public record Mark(KeyId key, long number, Hash pin, Hash previous, long since) {}

    /// What must outlive a restart besides the kept pins.
    ///
    /// @param floor the key has used numbers up to this one, for pins that are forgotten
    /// @param marks ascending by number
    public record Used(KeyId key, long floor, List<Mark> marks) {
        public Used {
            marks = List.copyOf(marks);
        }
    }

    /// What a host is to do, by name.
    ///
    /// @param pins those that decide; each is an order to run
    /// @param held names whose deciding pin is in doubt: nothing is changed
    public record Decision(SortedMap<String, Signed<Pin>> pins, SortedSet<String> held) {}

    /// A book with what an earlier one held under this root: its [#pins] and its [#used].
    ///
    /// @param now epoch milliseconds
    public static PinBook restore(Collection<Signed<Pin>> pins, Collection<Used> used, Root root, long now) {
        PinBook book = new PinBook();
        book.ceiling = root.terms().pacingPpmPerHour();
        used.forEach(each -> book.numbers.put(each.key, new UsedNumbers(each)));
        for (Signed<Pin> pin : pins) {
            book.numbersOf(pin).add(markOf(pin, 0));
            book.keep(pin, now);
        }
        book.retain(root);
        return book;
    }

    public PinBook copy() {
        PinBook copy = new PinBook();
        copy.ceiling = ceiling;
        copy.size = size;
        lanes.forEach((lane, pins) -> copy.lanes.put(lane, new TreeSet<>(pins)));
        numbers.forEach((key, used) -> copy.numbers.put(key, used.copy()));
        return copy;
    }

    /// @param now epoch milliseconds
    public Answer accept(Signed<Pin> pin, long now) {
        return accept(pin, now, 0);
    }

    /// @param now epoch milliseconds
    /// @param since epoch milliseconds: before that, the pin was not there
    public Answer accept(Signed<Pin> pin, long now, long since) {
        long number = pin.document().sequence().number();
        UsedNumbers used = numbersOf(pin);
        if (isKept(pin)) {
            return new Answer.Known();
        }
        if (used.mark(number, pin.hash()).isPresent()) {
            // What superseded it may have gone with its key since.
            return keep(pin, now) ? new Answer.Accepted() : new Answer.Known();
        }
        if (number <= used.floor()) {
            return refusal(Reason.REPLAYED, pin, "a number above " + used.floor());
        }
        boolean equivocates = used.count(number) > 0;
        if (!equivocates && pin.document().terms().times().expires() <= now) {
            return refusal(Reason.EXPIRED, pin, "one that is good at " + now);
        }
        if (size >= PINS_MAX) {
            return refusal(Reason.NOT_ALLOWED, pin, "at most " + PINS_MAX + " pins that matter");
        }
        used.add(markOf(pin, since));
        boolean kept = keep(pin, now);
        if (equivocates) {
            return refusal(
                    Reason.EQUIVOCATION,
                    pin,
                    "the only pin with this number of "
                            + pin.document().sequence().key());
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
            if (lane.kept.isEmpty() && lane.scope.matches(host, labels)) {
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

    /// The releases that no host need keep. Where it is in doubt, they are kept.
    public Set<Hash> retired() {
        return lanes.values().stream()
                .map(NavigableSet::last)
                .filter(pin -> !isInDoubt(pin) && pin.document().order() instanceof Order.Retire)
                .flatMap(pin -> pin.document().order().kept().stream())
                .collect(Collectors.toSet());
    }

    /// Goes on under this root. It forgets the keys that are not directors of it, with all they have signed and
    /// numbered. So a stolen key that signed a huge number does no harm once the root has dropped it.
    public void retain(Root root) {
        ceiling = root.terms().pacingPpmPerHour();
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

    /// Every number that is remembered, by key.
    public List<Used> used() {
        return numbers.entrySet().stream()
                .map(each -> new Used(
                        each.getKey(), each.getValue().floor(), each.getValue().marks()))
                .toList();
    }

    /// The newest pin that this key has numbered.
    public Optional<Mark> newest(KeyId key) {
        return Optional.ofNullable(numbers.get(key)).flatMap(UsedNumbers::newest);
    }

    /// The highest number of any key; 0 if there is none.
    public long highest() {
        return numbers.keySet().stream()
                .flatMap(key -> newest(key).stream())
                .mapToLong(Mark::number)
                .max()
                .orElse(0);
    }

    /// Keys of which there are two, as it seems: each signed two pins that come after the same one.
    public Set<KeyId> forked() {
        return numbers.entrySet().stream()
                .filter(each -> each.getValue().isForked())
                .map(Map.Entry::getKey)
                .collect(Collectors.toSet());
    }

    /// Whether its key has signed another pin with the same number.
    public boolean isInDoubt(Signed<Pin> pin) {
        Pin.Sequence sequence = pin.document().sequence();
        UsedNumbers used = numbers.get(sequence.key());
        return used != null && used.count(sequence.number()) > 1;
    }

    private UsedNumbers numbersOf(Signed<Pin> pin) {
        return numbers.computeIfAbsent(pin.document().sequence().key(), unseen -> new UsedNumbers());
    }

    private static Mark markOf(Signed<Pin> pin, long since) {
        Pin.Sequence sequence = pin.document().sequence();
        return new Mark(sequence.key(), sequence.number(), pin.hash(), sequence.previous(), since);
    }

    private boolean isKept(Signed<Pin> pin) {
        return lanes.getOrDefault(Lane.of(pin), new TreeSet<>(BY_AGE)).contains(pin);
    }

    /// Puts the pin into its lane and drops what is superseded there; false if it is superseded itself.
    private boolean keep(Signed<Pin> pin, long now) {
        NavigableSet<Signed<Pin>> lane = lanes.computeIfAbsent(Lane.of(pin), unseen -> new TreeSet<>(BY_AGE));
        size -= lane.size();
        lane.add(pin);
        lane.descendingSet().stream()
                .filter(each -> each.document().reachesAll(now, brake(each)))
                .findFirst()
                .map(each -> each.document().sequence())
                .ifPresent(newest ->
                        lane.removeIf(older -> older.document().sequence().compareTo(newest) < 0));
        size += lane.size();
        return lane.contains(pin);
    }

    private Pin.Brake brake(Signed<Pin> pin) {
        if (ceiling == 0) {
            return Pin.Brake.NONE;
        }
        long number = pin.document().sequence().number();
        return new Pin.Brake(
                ceiling,
                numbersOf(pin).mark(number, pin.hash()).map(Mark::since).orElse(0L));
    }

    private Optional<Signed<Pin>> speaker(NavigableSet<Signed<Pin>> lane, String host, long now) {
        return lane.descendingSet().stream()
                .filter(pin -> pin.document().reaches(host, now, brake(pin)))
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
