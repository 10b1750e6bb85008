/// The signed documents that this host keeps, believes and passes on: roots, releases, pins.
///
/// A document counts only when its signatures verify against the root that this host pinned when it was enrolled,
/// however
/// it came. What counts is on the disk before it is acted on, so a restart changes no mind:
///
/// ```
/// HOME/documents/root/<number>       the chain of roots, from the pinned one
/// HOME/documents/release/<hash>      envelopes
/// HOME/documents/pin/<hash>          envelopes
/// HOME/documents/numbers             which numbers each key has used for which pin: "MSTRNUMS" | u16 version = 1
///                                    | u32 count x { key id 32 | u64 number | pin hash 32 } | CRC32C of all before
/// ```
@NullMarked
package dev.muster.agent.document;

import org.jspecify.annotations.NullMarked;
