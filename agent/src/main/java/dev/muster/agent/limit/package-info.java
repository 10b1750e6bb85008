/// How much this host sends and receives, and who goes first.
///
/// [HostLimits] is what the operator set, [Windows] when less is allowed, [Bucket] and [Line] and
/// [SourceBudget] decide as functions of the time that they are given; [Throttle] reads the clock and makes
/// threads wait. Every limit counts what an interface does, headers and all: see [WireCost].
///
/// ## Who waits for what
/// Each sender stands in one [Line] with one message at a time. Foreground goes before background; among
/// equals, who came first, so that peers take turns frame by frame. Whoever waits for a WAN link does not hold
/// up those who do not need it. What is received cannot be told to wait: the connection that brought too much
/// is not read for as long as that took too little time, and TCP passes that on.
///
/// ## WAN limits
/// `swarm.wan-limit` is meant for a pair of sites. A sender keeps it alone. On the receiving side the hosts of
/// a site that may fetch over the WAN share it evenly, so that together they keep it too, with any number of
/// senders.
@NullMarked
package dev.muster.agent.limit;

import org.jspecify.annotations.NullMarked;
