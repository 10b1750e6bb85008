package dev.muster.agent.enrol;

import dev.muster.protocol.content.Hash;
import dev.muster.protocol.wire.Address;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/// What an operator gives a host so that it can join: whom to ask, a token, and the hash by which the fleet is known.
///
/// @param token a secret
/// @param root the hash of any of the fleet's root documents; what comes from the network is believed only through it
/// @param address where peers will reach this host
/// @param site where it stands, or empty; what the token says counts more
public record Invitation(
        List<Address> coordinators,
        String token,
        Hash root,
        String address,
        String site,
        SortedMap<String, String> labels) {
    public Invitation {
        coordinators = List.copyOf(coordinators);
        labels = Collections.unmodifiableSortedMap(new TreeMap<>(labels));
    }

    /// Without the token.
    @Override
    public String toString() {
        return "invitation by " + coordinators + " to " + root.brief();
    }
}
