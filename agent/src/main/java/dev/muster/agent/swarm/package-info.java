/// The decisions of a swarm: what to ask of whom, what to give to whom. Pure: events and the time come in, commands go
/// out; no clock, no I/O, no thread, and chance only from a seed. `agent.delivery` carries the commands out.
///
/// The rules, and where they are kept:
///
/// 1. Rarest first among the peers that are known, ties in a seeded order: [Rarity].
/// 2. A host that has the whole image is a *source*. It is not asked for a chunk by name at first, but granted credit
/// for
///    any one chunk that the asker lacks, and sends the one with the fewest copies: so it sends each chunk once before
///    any twice. When nothing is left that nobody has, it says so, and is then asked by name only for what no peer
///    that is still fetching has, or when those are busy beyond [Limits#patience]: [Fetcher], [Server].
/// 3. Bounded chunks in flight, in all and per peer; a request without progress for [Limits#stall] is taken away and
/// given
///    to another; at the end at most two peers are asked for one chunk: [Fetcher].
/// 4. Busy is said early: [Server].
/// 5. A peer that sent wrong bytes is dropped and never asked again: [Fetcher].
///
/// The any-chunk credit is the pull form of superseeding (BEP 16) without its gating; rarest first as in Legout et al.,
/// "Rarest First and Choke Algorithms Are Enough", IMC 2006.
@NullMarked
package dev.muster.agent.swarm;

import org.jspecify.annotations.NullMarked;
