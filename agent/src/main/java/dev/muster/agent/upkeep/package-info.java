/// Keeps the store of this host in order: what must stay when room is made ([HostRoots]), and reading everything from
/// time to time, so that what rots is got from peers while they have it ([Scrubber], [PeerRepair]).
@NullMarked
package dev.muster.agent.upkeep;

import org.jspecify.annotations.NullMarked;
