package dev.muster.protocol.trust.document;

import dev.muster.protocol.MusterException.Reason;
import dev.muster.protocol.MusterException.Refused;
import dev.muster.protocol.content.Hash;
import dev.muster.protocol.trust.key.KeyId;
import dev.muster.protocol.trust.key.Subject;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.stream.Stream;

/// Everything that one host believes, and the rules by which it comes to believe more. In this order:
///
/// 1. *Now* is the clock, and not before the time that was signed last: see [#now].
/// 2. A root is the next of its chain, signed by the keys of the one before it and by its own.
/// 3. Freshness has a higher number than any of its key. It may have expired: then it says what was, and time goes on.
/// 4. A revocation list has a higher number than the one in force. A list whose keys a root has dropped stays in force
///    until another one takes its place, whatever number that has.
/// 5. Pins: see [PinBook]. While nothing here is fresh, a pin that says that it is younger than the newest freshness
///    was good for is refused, unless its director is one that signs no freshness: such a key is kept offline, for this
///    day. And a pin that freshness of its own key did not know of is not older than that, whatever it says: so nobody
///    runs ahead of the root's pacing ceiling.
/// 6. A release that a pin orders is of the pin's name, neither revoked nor below the floor, and made for this host.
///
/// What follows, that a manifest has its hash and each block its own, is checked where the bytes come in.
///
/// A root that drops a key makes everything forgotten that only this key had numbered. What is believed does not depend
/// on the order in which pins came. Immutable.
public final class Beliefs {
    public static final int RELEASES_MAX = 10_000;

    private final RootChain roots;
    private final Optional<Signed<Revocations>> revocations;
    private final SortedMap<KeyId, Signed<Freshness>> freshness;
    private final PinBook book;
    private final Map<Hash, Signed<Release>> releases;
    private final Numbers numbers;

    private Beliefs(
            RootChain roots,
            Optional<Signed<Revocations>> revocations,
            SortedMap<KeyId, Signed<Freshness>> freshness,
            PinBook book,
            Map<Hash, Signed<Release>> releases,
            Numbers numbers) {
        this.roots = roots;
        this.revocations = revocations;
        this.freshness = freshness;
        this.book = book;
        this.releases = releases;
        this.numbers = numbers;
    }

    /// What becomes of a document.
    public sealed interface Verdict {
        /// It counts: this is what is believed from now on.
        record Believed(Beliefs next) implements Verdict {}

        /// It changes nothing.
        record Known() implements Verdict {}

        /// It does not count.
        ///
        /// @param next what is believed from now on, where a refusal is itself worth remembering
        record Refusal(Attack attack, Reason reason, Optional<Beliefs> next) implements Verdict {}
    }

    /// Documents as they lay on a disk.
    public record Kept(
            List<Envelope> releases, List<Envelope> pins, List<Envelope> freshness, List<Envelope> revocations) {
        public Kept {
            releases = List.copyOf(releases);
            pins = List.copyOf(pins);
            freshness = List.copyOf(freshness);
            revocations = List.copyOf(revocations);
        }
    }

    /// What a host believes that knows the fleet's roots only.
    public static Beliefs of(RootChain roots) {
        PinBook book = new PinBook();
        book.retain(roots.newest());
        return new Beliefs(roots, Optional.empty(), new TreeMap<>(), book, Map.of(), Numbers.none());
    }

    /// What was believed before a restart: all that verifies still, and is not older than what was seen.
    ///
    /// @param clock epoch milliseconds
    /// @param refused is told of what does not
    public static Beliefs restore(
            RootChain roots, Kept kept, Numbers seen, long clock, BiConsumer<Envelope, Refused> refused) {
        Root root = roots.newest();
        Beliefs beliefs = of(roots).with(seen.under(root));
        for (Signed<Freshness> each : verified(kept.freshness, each -> Freshness.verify(each, root), refused)) {
            Numbers.Seen newest =
                    beliefs.numbers.freshness().get(each.document().key());
            if (newest == null || each.document().number() >= newest.number()) {
                beliefs = beliefs.with(each);
            }
        }
        for (Signed<Revocations> list :
                verified(kept.revocations, each -> roots.anyOf(under -> Revocations.verify(each, under)), refused)) {
            Optional<Numbers.Seen> newest = beliefs.numbers.revocations();
            if (newest.isEmpty() || list.document().number() >= newest.get().number()) {
                beliefs = beliefs.withRevocations(list);
            }
        }
        Map<Hash, Signed<Release>> releases = new LinkedHashMap<>();
        verified(kept.releases, each -> Release.verify(each, root), refused)
                .forEach(release -> releases.put(release.hash(), release));
        List<Signed<Pin>> pins = verified(kept.pins, each -> Pin.verify(each, root), refused);
        return beliefs.withReleases(releases).with(PinBook.restore(pins, seen.pins(), root, beliefs.now(clock)));
    }

    private static <T> List<Signed<T>> verified(
            Collection<Envelope> kept, Check<T> check, BiConsumer<Envelope, Refused> refused) {
        List<Signed<T>> good = new ArrayList<>();
        for (Envelope envelope : kept) {
            try {
                good.add(check.of(envelope));
            } catch (Refused e) {
                refused.accept(envelope, e);
            }
        }
        return good;
    }

    @FunctionalInterface
    private interface Check<T> {
        Signed<T> of(Envelope envelope) throws Refused;
    }

    /// The time: what the clock says, but not before what was signed last. A host whose clock has stopped, or was set
    /// back, does not take for new what has long expired.
    public long now(long clock) {
        return Stream.concat(
                        Stream.of(clock, root().created()),
                        Stream.concat(
                                numbers.revocations().stream().map(Numbers.Seen::created),
                                numbers.freshness().values().stream().map(Numbers.Seen::created)))
                .mapToLong(Long::longValue)
                .max()
                .orElse(clock);
    }

    /// Decides about a document from anybody.
    ///
    /// @param clock epoch milliseconds
    public Verdict judge(Envelope envelope, long clock) {
        try {
            return switch (envelope.type()) {
                case ROOT -> root(envelope);
                case FRESHNESS -> freshness(envelope);
                case REVOCATIONS -> revocations(envelope);
                case RELEASE -> release(envelope);
                case PIN -> pin(envelope, now(clock));
                case HOST_REPORT ->
                    throw new Refused(Reason.MALFORMED, "expected what hosts keep, found a host report");
            };
        } catch (Refused e) {
            String message = String.valueOf(e.getMessage());
            return new Verdict.Refusal(Attack.of(e.reason(), message), e.reason(), Optional.empty());
        }
    }

    private Verdict root(Envelope envelope) throws Refused {
        if (Root.unverified(envelope).number()
                < roots.roots().getFirst().document().number()) {
            return new Verdict.Known(); // From before this host's time: nobody here can say who signed it.
        }
        RootChain next = roots.step(envelope);
        if (next.roots().size() == roots.roots().size()) {
            return new Verdict.Known();
        }
        Root root = next.newest();
        BiConsumer<Envelope, Refused> forget = (_, _) -> {};
        Map<Hash, Signed<Release>> kept = new LinkedHashMap<>();
        verified(envelopes(releases.values()), each -> Release.verify(each, root), forget)
                .forEach(release -> kept.put(release.hash(), release));
        SortedMap<KeyId, Signed<Freshness>> still = new TreeMap<>();
        verified(envelopes(freshness.values()), each -> Freshness.verify(each, root), forget)
                .forEach(each -> still.put(each.document().key(), each));
        PinBook rest = book.copy();
        rest.retain(root);
        Numbers under = numbers.under(root);
        boolean orphaned = revocations.filter(list -> !holdsUnder(root, list)).isPresent();
        return new Verdict.Believed(
                new Beliefs(next, revocations, still, rest, kept, orphaned ? under.withoutRevocations() : under));
    }

    private static <T> List<Envelope> envelopes(Collection<Signed<T>> documents) {
        return documents.stream().map(Signed::envelope).toList();
    }

    private static boolean holdsUnder(Root root, Signed<Revocations> list) {
        try {
            Signed<Revocations> _ = Revocations.verify(list.envelope(), root);
            return true;
        } catch (Refused _) {
            return false;
        }
    }

    private Verdict freshness(Envelope envelope) throws Refused {
        Signed<Freshness> fresh = Freshness.verify(envelope, knownRoot());
        Optional<Numbers.Seen> seen =
                Optional.ofNullable(numbers.freshness().get(fresh.document().key()));
        boolean news = isNews("freshness", fresh.document().number(), fresh.hash(), seen)
                || !freshness.containsKey(fresh.document().key());
        return news ? new Verdict.Believed(with(fresh)) : new Verdict.Known();
    }

    private Verdict revocations(Envelope envelope) throws Refused {
        Signed<Revocations> list = Revocations.verify(envelope, knownRoot());
        boolean news = isNews("revocations", list.document().number(), list.hash(), numbers.revocations())
                || revocations.isEmpty();
        return news ? new Verdict.Believed(withRevocations(list)) : new Verdict.Known();
    }

    private static boolean isNews(String what, long number, Hash hash, Optional<Numbers.Seen> seen) throws Refused {
        if (seen.isEmpty() || number > seen.get().number()) {
            return true;
        }
        if (number == seen.get().number() && hash.equals(seen.get().document())) {
            return false;
        }
        throw new Refused(
                number < seen.get().number() ? Reason.REPLAYED : Reason.EQUIVOCATION,
                what + " " + hash.brief() + ": expected a number above "
                        + seen.get().number() + ", found " + number);
    }

    private Verdict release(Envelope envelope) throws Refused {
        if (releases.containsKey(envelope.hash())) {
            return new Verdict.Known();
        }
        Signed<Release> release = Release.verify(envelope, knownRoot());
        if (releases.size() >= RELEASES_MAX) {
            throw new Refused(
                    Reason.NOT_ALLOWED, "release " + release.hash() + ": " + RELEASES_MAX + " are kept already");
        }
        Map<Hash, Signed<Release>> more = new LinkedHashMap<>(releases);
        more.put(release.hash(), release);
        return new Verdict.Believed(withReleases(more));
    }

    private Verdict pin(Envelope envelope, long now) throws Refused {
        Signed<Pin> pin = Pin.verify(envelope, knownRoot());
        checkNotHeldBack(pin, now);
        PinBook next = book.copy();
        return switch (next.accept(pin, now, notBefore(pin.document().sequence()))) {
            case PinBook.Answer.Known() -> new Verdict.Known();
            case PinBook.Answer.Accepted() -> new Verdict.Believed(with(next));
            case PinBook.Answer.Refusal(Reason reason, String message) -> {
                boolean changed = reason == Reason.EQUIVOCATION;
                yield new Verdict.Refusal(
                        Attack.of(reason, message), reason, changed ? Optional.of(with(next)) : Optional.empty());
            }
        };
    }

    /// Rule 5: what came after everything went silent comes from a director that is kept for this, or with freshness.
    private void checkNotHeldBack(Signed<Pin> pin, long now) throws Refused {
        long good = freshness.values().stream()
                .mapToLong(each -> each.document().span().expires())
                .max()
                .orElse(Long.MAX_VALUE);
        boolean online = root().signers(KeyRole.FRESHNESS)
                .keys()
                .containsKey(pin.document().sequence().key());
        if (online && good <= now && pin.document().terms().times().created() > good) {
            throw new Refused(
                    Reason.EXPIRED,
                    "pin " + pin.hash().brief() + " of " + pin.document().name()
                            + ": expected freshness that is good at " + now + ", found one until " + good
                            + "; a director that signs no freshness needs none");
        }
    }

    /// When freshness of the pin's own key did not know it yet; 0 if nobody can tell.
    private long notBefore(Pin.Sequence sequence) {
        Signed<Freshness> own = freshness.get(sequence.key());
        if (own == null) {
            return 0;
        }
        long known = own.document().newest().pins().getOrDefault(sequence.key(), 0L);
        return sequence.number() > known ? own.document().span().created() : 0;
    }

    /// The newest root, if it is the newest that was ever seen here.
    private Root knownRoot() throws Refused {
        if (root().number() < numbers.root()) {
            throw new Refused(
                    Reason.REPLAYED,
                    "root: expected number " + numbers.root() + ", which was seen here, found " + root().number());
        }
        return root();
    }

    /// What the host is to do.
    ///
    /// @param clock epoch milliseconds
    public Duties decide(Duties.Self self, long clock) {
        return Duties.of(book.decide(self.host(), self.labels(), now(clock)), self, releases, inForce());
    }

    /// What an operator must know, each in a line; none if all is well.
    ///
    /// @param clock epoch milliseconds
    public List<String> alarms(long clock) {
        long now = now(clock);
        List<String> alarms = new ArrayList<>();
        if (root().number() < numbers.root()) {
            alarms.add("root " + numbers.root() + " was seen here and is lost: nothing new is believed without it");
        }
        if (!freshness.isEmpty()
                && freshness.values().stream()
                        .allMatch(each -> each.document().span().expires() <= now)) {
            alarms.add("stale: no coordinator has said for a while what is newest");
        }
        freshness.values().forEach(each -> behind(each.document().newest()).ifPresent(alarms::add));
        book.forked()
                .forEach(key -> alarms.add("forked: " + key + " signed two pins after one: it was copied, or its"
                        + " coordinator restored from an old disk"));
        return alarms;
    }

    private Optional<String> behind(Freshness.Newest newest) {
        long list = numbers.revocations().map(Numbers.Seen::number).orElse(0L);
        boolean pins = newest.pins().entrySet().stream()
                .anyMatch(each ->
                        book.newest(each.getKey()).map(PinBook.Mark::number).orElse(0L) < each.getValue());
        if (newest.root() > root().number() || newest.revocations() > list || pins) {
            return Optional.of("behind: there is a newer root, revocation list or pin than is here");
        }
        return Optional.empty();
    }

    public RootChain roots() {
        return roots;
    }

    public Root root() {
        return roots.newest();
    }

    /// The revocation list that holds.
    public Revocations inForce() {
        return revocations.map(Signed::document).orElseGet(Revocations::none);
    }

    public boolean isRevoked(Subject member) {
        return inForce().isRevoked(member);
    }

    public Optional<Signed<Revocations>> revocations() {
        return revocations;
    }

    /// By key.
    public Collection<Signed<Freshness>> freshness() {
        return Collections.unmodifiableCollection(freshness.values());
    }

    /// Of each director the newest pin that was seen.
    public List<PinBook.Mark> newestPins() {
        return root().signers(KeyRole.DIRECTOR).keys().keySet().stream()
                .flatMap(key -> book.newest(key).stream())
                .toList();
    }

    /// All kept, oldest first.
    public List<Signed<Pin>> pins() {
        return book.pins();
    }

    /// The releases that no host need keep: retired, or revoked.
    public boolean mayGo(Hash release) {
        return book.retired().contains(release)
                || Optional.ofNullable(releases.get(release))
                        .filter(inForce()::isRevoked)
                        .isPresent();
    }

    public Map<Hash, Signed<Release>> releases() {
        return Collections.unmodifiableMap(releases);
    }

    /// What must outlive a restart besides the documents.
    public Numbers numbers() {
        return numbers.withPins(book.used());
    }

    /// The kept document of this name.
    public Optional<Envelope> document(Hash hash) {
        return Stream.concat(Stream.ofNullable(releases.get(hash)), few())
                .filter(each -> each.hash().equals(hash))
                .findFirst()
                .map(Signed::envelope);
    }

    /// The names of all documents, in the order in which another host should hear of them.
    public List<Hash> hashes() {
        Stream<Signed<Release>> newestFirst = releases.values().stream()
                .sorted(Comparator.comparingLong(
                                (Signed<Release> each) -> each.document().created())
                        .reversed()
                        .thenComparing(Signed::hash));
        return Stream.concat(few(), newestFirst).map(Signed::hash).toList();
    }

    /// All but the releases.
    private Stream<Signed<?>> few() {
        return Stream.of(
                        roots.roots(),
                        freshness.values(),
                        revocations.stream().toList(),
                        book.pins().reversed())
                .flatMap(Collection::stream);
    }

    private Beliefs with(Signed<Freshness> fresh) {
        SortedMap<KeyId, Signed<Freshness>> more = new TreeMap<>(freshness);
        more.put(fresh.document().key(), fresh);
        return new Beliefs(roots, revocations, more, book, releases, numbers.with(fresh));
    }

    /// A list whose keys the root has dropped is in force, and does not count.
    private Beliefs withRevocations(Signed<Revocations> list) {
        Numbers counted = holdsUnder(root(), list) ? numbers.withRevocations(list) : numbers.withoutRevocations();
        return new Beliefs(roots, Optional.of(list), freshness, book, releases, counted);
    }

    private Beliefs withReleases(Map<Hash, Signed<Release>> others) {
        return new Beliefs(roots, revocations, freshness, book, others, numbers);
    }

    private Beliefs with(PinBook next) {
        return new Beliefs(roots, revocations, freshness, next, releases, numbers);
    }

    private Beliefs with(Numbers seen) {
        return new Beliefs(roots, revocations, freshness, book, releases, seen);
    }
}
