/// How machines become hosts of the fleet, and stay: join tokens, host records, certificates.
///
/// A token is a secret of 256 bits that somebody with an operator's certificate made; only its hash is kept. A host
/// shows it once, with a key of its own, and gets an id that follows from that key and a certificate for a day. A host
/// that asks again with the same key and token, because the answer was lost, gets the same answer and uses nothing up.
///
/// Names, sites and labels come from the record here. Nothing that a certification request says is read but the key.
@NullMarked
package dev.muster.coordinator.enrol;

import org.jspecify.annotations.NullMarked;
