package dev.muster.coordinator.api;

import dev.muster.protocol.content.Hash;
import dev.muster.protocol.trust.document.Pin;
import dev.muster.protocol.trust.document.Signed;

/// A pin in JSON.
///
/// @param release what is to run, or empty if the pin withdraws
record PinView(String pin, long number, String name, String release, String group, boolean rollback) {

    static PinView of(Signed<Pin> signed, String group) {
        Pin pin = signed.document();
        String release = pin.order().ordered().map(Hash::toString).orElse("");
        return new PinView(
                signed.hash().toString(),
                pin.sequence().number(),
                pin.name(),
                release,
                group,
                pin.terms().rollback());
    }
}
