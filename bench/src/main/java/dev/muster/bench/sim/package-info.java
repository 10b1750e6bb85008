/// Whole fleets in virtual time: the real [dev.muster.agent.swarm.Swarm] of each host, with everything around it made
/// up.
///
/// ## How to run it
/// ```
/// bench/simulate --hosts 1024 --chunks 512                      # one site, 1 Gbit/s
/// bench/simulate --hosts 10000 --sites 20 --wan 1000 --json     # what a disaster of 20 rooms takes
/// bench/simulate --hosts 1024 --hostile 0.5                     # half of the peers do wrong
/// bench/simulate --hosts 1024 --killed 0.3 --late 0.3
/// bench/simulate --small --seeds 10000                          # small fleets with everything that can go wrong
/// ```
/// `--nic` and `--wan` are Mbit/s, `--wan-millis` one way, `--disk` MB/s, `--frames` into how many parts a
/// chunk is cut on its way (1; 8 as in life), `--slow-disks` and `--lost` are shares, `--kill-gateways`
/// kills one of each site half-way. A run is its options and `--seed`.
///
/// ## How to read it
/// Times are multiples of the least that is possible ([dev.muster.coordinator.rollout.Bound]). Copies are of the whole
/// image: `sourceCopies` left the source, `wanCopiesInMax` came into the site where most did. `duplicates` is the share
/// of frames that came twice or unasked. A run is good if every honest living host has everything, every liar that
/// an honest host met was named, and no honest host was.
///
/// ## What is made up
/// What is sent at once takes up its sender's interface, the WAN links of both sites and the receiver's interface, in
/// that order, each first come first served, as soon as its first byte comes. A sender gives each answer its turn.
/// Messages
/// take a fixed time and no room. Connections come up at once; a host that dies is noticed at once or after five
/// seconds. Every promise of `Swarm` is checked after every event of a small run, and after some of a large one; that
/// no host asks for what it has, after every event of any.
@NullMarked
package dev.muster.bench.sim;

import org.jspecify.annotations.NullMarked;
