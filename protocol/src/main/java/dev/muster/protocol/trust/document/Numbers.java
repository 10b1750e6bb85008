package dev.muster.protocol.trust.document;

import dev.muster.protocol.content.Hash;
import dev.muster.protocol.trust.key.KeyId;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/// What a host has seen numbered, which must outlive the documents themselves: whatever becomes of those, nothing older
/// is believed again.
///
/// @param root number of the newest root
/// @param revocations none also if the list in force was signed by keys that the root has dropped
/// @param freshness by key
/// @param pins by director
public record Numbers(
        long root, Optional<Seen> revocations, SortedMap<KeyId, Seen> freshness, List<PinBook.Used> pins) {

    public Numbers {
        freshness = Collections.unmodifiableSortedMap(new TreeMap<>(freshness));
        pins = List.copyOf(pins);
    }

    /// The newest document of its kind.
    ///
    /// @param created epoch milliseconds: time has come so far
    public record Seen(long number, long created, Hash document) {}

    public static Numbers none() {
        return new Numbers(0, Optional.empty(), new TreeMap<>(), List.of());
    }

    /// The same, but of keys that sign freshness in this root only.
    Numbers under(Root next) {
        SortedMap<KeyId, Seen> rest = new TreeMap<>(freshness);
        rest.keySet().retainAll(next.signers(KeyRole.FRESHNESS).keys().keySet());
        return new Numbers(Math.max(root, next.number()), revocations, rest, pins);
    }

    Numbers with(Signed<Freshness> signed) {
        Freshness document = signed.document();
        SortedMap<KeyId, Seen> more = new TreeMap<>(freshness);
        more.put(document.key(), new Seen(document.number(), document.span().created(), signed.hash()));
        return new Numbers(root, revocations, more, pins);
    }

    Numbers withRevocations(Signed<Revocations> signed) {
        Revocations document = signed.document();
        Seen seen = new Seen(document.number(), document.created(), signed.hash());
        return new Numbers(root, Optional.of(seen), freshness, pins);
    }

    Numbers withoutRevocations() {
        return new Numbers(root, Optional.empty(), freshness, pins);
    }

    Numbers withPins(List<PinBook.Used> used) {
        return new Numbers(root, revocations, freshness, used);
    }
}
