/// Carries out what swarms decide: one [SwarmLoop] per manifest, with its [Arrivals] and [Orders], one [LinkSender] per
/// connection, and [Swarms], which knows them all and routes what peers say.
///
/// ```
/// PeerNetwork ─message─▶ Swarms ─▶ SwarmLoop ─event─▶ Swarm ─command─▶ SwarmLoop ─▶ LinkSender ─▶ PeerNetwork
///                                    │ ▲
///                     frame, chunk ──▼ │── verified, kept
///                                 cpu, disk pools
/// ```
/// ## Threads
/// A `SwarmLoop` is one virtual thread with a mailbox; it alone touches its [dev.muster.agent.swarm.Swarm].
/// Event loops only put messages into mailboxes, and stop reading from a connection whose messages are not
/// dealt with in time. Decoding, hashing and the store have pools of platform threads, see [Pools].
///
/// ## What is said when
/// A host that opens a swarm says `Participate` to every peer, and so it does to every new peer. A peer
/// that has no such swarm answers `Leave`, and is told again when it says `Participate` itself. So each
/// side knows the other's chunks exactly when both take part, and neither repeats itself.
@NullMarked
package dev.muster.agent.delivery;

import org.jspecify.annotations.NullMarked;
