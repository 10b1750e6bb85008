package dev.muster.protocol.trust.document;

import dev.muster.protocol.content.Hash;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/// What a host is to do, by name.
///
/// @param run to run this release
/// @param missing to run that release, whose document is not here
/// @param held to change nothing: the deciding pin is in doubt
/// @param refused to change nothing: what the deciding pin orders is not for this host, or not for any
public record Duties(
        SortedMap<String, Duty> run,
        SortedMap<String, Hash> missing,
        SortedSet<String> held,
        SortedMap<String, Attack> refused) {

    public Duties {
        run = Collections.unmodifiableSortedMap(new TreeMap<>(run));
        missing = Collections.unmodifiableSortedMap(new TreeMap<>(missing));
        held = Collections.unmodifiableSortedSet(new TreeSet<>(held));
        refused = Collections.unmodifiableSortedMap(new TreeMap<>(refused));
    }

    /// @param by hash of the pin that orders it, or of the release where the order was given on this host
    public record Duty(Signed<Release> release, Hash by) {}

    /// For whom.
    ///
    /// @param labels the host's, with its site
    /// @param fit what the host is
    /// @param local by name, the release that was pinned on the host itself, which comes before every other pin
    public record Self(String host, Map<String, String> labels, Release.Fit fit, Map<String, Hash> local) {
        public Self {
            labels = Map.copyOf(labels);
            local = Map.copyOf(local);
        }
    }

    /// @param decision of the pins
    /// @param releases by hash, those that are here
    static Duties of(
            PinBook.Decision decision, Self self, Map<Hash, Signed<Release>> releases, Revocations revocations) {
        SortedMap<String, Ordered> ordered = new TreeMap<>();
        decision.pins()
                .forEach((name, pin) -> pin.document()
                        .order()
                        .ordered()
                        .ifPresent(release -> ordered.put(name, new Ordered(release, pin.hash()))));
        SortedSet<String> held = new TreeSet<>(decision.held());
        self.local.forEach((name, release) -> {
            ordered.put(name, new Ordered(release, release));
            held.remove(name);
        });
        SortedMap<String, Duty> run = new TreeMap<>();
        SortedMap<String, Hash> missing = new TreeMap<>();
        SortedMap<String, Attack> refused = new TreeMap<>();
        ordered.forEach((name, order) -> {
            Signed<Release> release = releases.get(order.release);
            if (release == null) {
                missing.put(name, order.release);
            } else {
                objection(name, release, self.fit, revocations)
                        .ifPresentOrElse(
                                attack -> refused.put(name, attack), () -> run.put(name, new Duty(release, order.by)));
            }
        });
        return new Duties(run, missing, held, refused);
    }

    private record Ordered(Hash release, Hash by) {}

    /// Why the host does not run this under that name, whoever ordered it.
    private static Optional<Attack> objection(
            String name, Signed<Release> release, Release.Fit host, Revocations revocations) {
        Release document = release.document();
        String what = "release " + document.name() + ": expected ";
        if (!document.name().name().equals(name)) {
            return Optional.of(new Attack.MixAndMatch(what + "one of " + name + ", found another"));
        }
        if (revocations.isRevoked(release)) {
            return Optional.of(new Attack.RevokedSoftware(
                    what + "one that the release keys have not taken back, found it revoked, or its counter "
                            + document.counter() + " below " + revocations.floor(name)));
        }
        if (!document.fit().fits(host)) {
            return Optional.of(new Attack.WrongSoftware(what + "one for " + host + ", found " + document.fit()));
        }
        return Optional.empty();
    }
}
