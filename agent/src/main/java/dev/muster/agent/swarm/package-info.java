/// The decisions of a swarm: what to ask of whom, what to give to whom. Pure: events and the time come in, commands go
/// out; no clock, no I/O, no thread, and chance only from a seed. `agent.delivery` carries the commands out, and
/// so does the simulator, for thousands of hosts in virtual time.
///
/// The rules, and where they are kept:
///
/// 1. Rarest first among the peers of the site, ties in a seeded order: [Rarity]. Of those that are idle, one that was
///    fast and owes little is asked more likely than another: [Picker].
/// 2. A host that has the whole image is a *source*. It is not asked for a chunk by name at first, but granted credit
///    for any one chunk that the asker lacks, and sends the one with the fewest copies: so it sends each chunk once
///    before any twice. When nothing is left that nobody has, it says so, and is asked by name only if nothing at all
///    comes for longer than [Limits#patience]: [Fetcher], [Server].
/// 3. Few requests are answered at a time and few may wait; who has least and asks for what is rare comes first, and
///    the rest are told at once that the host is busy, and when to come again: [Line].
/// 4. As much is under way as is on the way while an answer is, and a little more; a request without progress
///    for longer than is usual is taken away and given to another, with the frames that it lacks; at the end at most
///    two peers are asked for one chunk: [Pace], [Table], [Fetcher].
/// 5. Who is linked with whom: [Graph]. What comes from other sites, through which hosts: [Gateways].
/// 6. A peer that sent wrong bytes, or many that were not asked for, is dropped and never asked again; a host to which
///    nearly all peers sent wrong bytes suspects itself and stops: [Swarm].
///
/// The any-chunk credit is the pull form of superseeding (BEP 16) without its gating; rarest first as in Legout et al.,
/// "Rarest First and Choke Algorithms Are Enough", IMC 2006.
@NullMarked
package dev.muster.agent.swarm;

import org.jspecify.annotations.NullMarked;
