package dev.muster.ops.ceremony;

import dev.muster.protocol.MusterException.BadConfiguration;
import dev.muster.protocol.trust.document.KeyRole;
import dev.muster.protocol.trust.document.Root;
import dev.muster.protocol.trust.document.Signers;
import dev.muster.protocol.trust.key.KeyId;
import dev.muster.protocol.trust.key.VerifyKey;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.SortedMap;
import java.util.TreeMap;

/// Other keys for one role of a fleet.
///
/// @param add public halves
/// @param drop the first digits of the ids of keys, 8 at least
/// @param threshold how many must sign; as before if it is empty
public record Rotation(KeyRole role, List<VerifyKey> add, List<String> drop, OptionalInt threshold) {
    private static final int DIGITS_MIN = 8;

    public Rotation {
        add = List.copyOf(add);
        drop = List.copyOf(drop);
    }

    /// The root that has them. A coordinator's director signs freshness too, so that role follows.
    ///
    /// @param offline whether the directors that are added are kept offline, and sign no freshness
    /// @throws BadConfiguration if no root can have them
    public Root apply(Root root, boolean offline, Root.Terms terms, long now) throws BadConfiguration {
        try {
            Map<KeyRole, Signers> roles = new EnumMap<>(root.roles());
            roles.put(role, changed(root.signers(role), true));
            if (role == KeyRole.DIRECTOR) {
                Signers freshness = root.signers(KeyRole.FRESHNESS);
                roles.put(
                        KeyRole.FRESHNESS,
                        new Rotation(KeyRole.FRESHNESS, offline ? List.of() : add, drop, OptionalInt.empty())
                                .changed(freshness, false));
            }
            return root.next(roles, terms, now);
        } catch (IllegalArgumentException e) {
            throw new BadConfiguration("root: expected keys that a root can have: " + e.getMessage());
        }
    }

    private Signers changed(Signers signers, boolean strict) throws BadConfiguration {
        SortedMap<KeyId, VerifyKey> keys = new TreeMap<>(signers.keys());
        for (String digits : drop) {
            boolean dropped = keys.keySet().removeIf(key -> isMeant(digits, key));
            if (strict && (!dropped || digits.length() < DIGITS_MIN)) {
                throw new BadConfiguration("drop: expected " + DIGITS_MIN + " or more digits of a key of " + role + ", "
                        + signers.keys().keySet() + ", found " + digits);
            }
        }
        add.forEach(key -> keys.put(key.id(), key));
        return new Signers(threshold.orElse(Math.min(signers.threshold(), Math.max(1, keys.size()))), keys);
    }

    private static boolean isMeant(String digits, KeyId key) {
        return key.hash().hex().startsWith(digits.startsWith("key:") ? digits.substring(4) : digits);
    }
}
