package dev.muster.protocol.trust.document;

import dev.muster.protocol.content.Hash;
import java.util.Collections;
import java.util.Map;
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
}
