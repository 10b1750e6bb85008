/// The home of a coordinator on disk: a directory of small files, one for each thing it knows, written durably
/// before it is acknowledged. There is no other database.
///
/// ```
/// HOME/director.pem   the key that signs this coordinator's pins
///      ca.pem         the intermediate authority that issues certificates
///      tls.pem        the coordinator's own identity
///      roots/N        root documents by number
///      releases/HASH  release documents        heads/ID  manifest heads
///      pins/HASH      pins that still matter
///      hosts/ID  tokens/HASH  groups/NAME  rollouts/ID
/// ```
/// Records that are no signed documents have a strict binary form, which each of them documents: magic, version,
/// fields.
@NullMarked
package dev.muster.coordinator.disk;

import org.jspecify.annotations.NullMarked;
