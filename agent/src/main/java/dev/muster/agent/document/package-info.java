/// The signed documents that this host keeps, believes and passes on: roots, freshness, revocations, pins, releases.
///
/// A document counts only when its signatures verify against the root that this host pinned when it was enrolled,
/// however it came, and when the rules of `Beliefs` let it. What counts is on the disk before it is acted on, so a
/// restart changes no mind:
///
/// ```
/// HOME/documents/root/<number>         the chain of roots, from the pinned one
/// HOME/documents/release/<hash>        envelopes
/// HOME/documents/pin/<hash>            envelopes
/// HOME/documents/freshness/<hash>      envelopes: the newest of each key
/// HOME/documents/revocations/<hash>    the envelope of the list in force
/// HOME/documents/local/<name>          the hash of the release that was pinned on this host itself
/// HOME/documents/numbers-a, numbers-b  what was seen numbered, twice; the higher generation counts:
///     "MSTRNUMS" | u16 version = 2 | u64 generation | u64 root's number | u8 n (<= 1), seen* of revocations
///     | u8 n (<= 64), { key id 32 | seen }* of freshness | u8 n (<= 64), used* of directors | CRC32C of all before
///     seen = u64 number | u64 created | document's hash 32
///     used = key id 32 | u64 floor | u32 n, { u64 number | pin's hash 32 | previous pin's hash 32 | u64 since }*
/// ```
@NullMarked
package dev.muster.agent.document;

import org.jspecify.annotations.NullMarked;
