package dev.muster.coordinator.api;

import dev.muster.protocol.trust.document.Order;
import dev.muster.protocol.trust.document.Pin;
import dev.muster.protocol.trust.document.Signed;

/// A pin in JSON.
///
/// @param release what is to run, or empty if the pin withdraws
record PinView(String pin, long number, String name, String release, String group, boolean rollback) {

    static PinView of(Signed<Pin> signed, String group) {
        Pin pin = signed.document();
        String release = switch (pin.order()) {
            case Order.Run(var hash) -> hash.toString();
            case Order.Withdraw() -> "";
        };
        return new PinView(
                signed.hash().toString(),
                pin.sequence().number(),
                pin.name(),
                release,
                group,
                pin.terms().rollback());
    }
}
