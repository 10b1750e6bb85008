package dev.muster.coordinator.rollout;

import dev.muster.protocol.MusterException.Reason;
import dev.muster.protocol.MusterException.Refused;
import dev.muster.protocol.trust.document.Order;
import dev.muster.protocol.trust.document.Pin;
import dev.muster.protocol.trust.document.Scope;
import dev.muster.protocol.trust.document.Signed;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// What holds for each new pin. Pure.
final class PinRules {
    private PinRules() {}

    /// The number of the next pin: above all that are known, and not below the time in seconds, so that a coordinator
    /// that was restored from an old copy of its home does not use a number twice.
    ///
    /// @throws Refused [Reason#SKIPPED] if somebody has used up all numbers
    static long nextNumber(long highest, long nowMillis) throws Refused {
        if (highest == Long.MAX_VALUE) {
            throw new Refused(
                    Reason.SKIPPED,
                    "pin: expected a number that no director has used, found that one has signed the highest there is: "
                            + "its key was stolen; take it out of the root, see: muster keys rotate director");
        }
        return Math.max(Math.addExact(highest, 1), nowMillis / 1000);
    }

    /// Of two pins for one host and one name the higher priority decides, so two that overlap must not have the same.
    ///
    /// @param pins all that matter, oldest first
    /// @throws Refused [Reason#OVERLAP]
    static void checkOverlap(Wish wish, List<Signed<Pin>> pins) throws Refused {
        Map<Scope, Pin> newest = new HashMap<>();
        for (Signed<Pin> pin : pins) {
            if (pin.document().name().equals(wish.name())) {
                newest.put(pin.document().scope(), pin.document());
            }
        }
        newest.remove(wish.group().scope());
        for (Pin other : newest.values()) {
            if (wish.order() instanceof Order.Run
                    && other.order() instanceof Order.Run
                    && other.terms().priority() == wish.group().priority()
                    && other.scope().overlaps(wish.group().scope())) {
                throw new Refused(
                        Reason.OVERLAP,
                        "pin of " + wish.name() + " for group " + wish.group().name()
                                + ": expected a priority that no overlapping pin has, found "
                                + other.terms().priority() + " of " + other.scope()
                                + "; withdraw that one, or give the group another priority");
            }
        }
    }
}
