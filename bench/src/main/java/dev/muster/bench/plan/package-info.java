/// How long a rollout will take, before anybody starts it: from the [simulation][dev.muster.bench.sim.Simulation] with
/// the swarm's own decisions.
///
/// ## What large fleets and images cost
/// A simulation costs some 50 microseconds for each chunk on each host. Beyond a budget a
/// [dev.muster.bench.plan.Sample]
/// is simulated: fewer hosts of each site, the slowest among them, and a shorter image, once whole and once half of
/// it. What a chunk more takes between the two, each chunk takes that was left out. The error that is said is the
/// difference to taking the multiple of the bound as it is. What was left out of the hosts moves the multiple with the
/// logarithm of their number: by 0.01 between 256
/// hosts and 1,024.
///
/// ## What it does not know
/// Processors, hooks, the writing of targets, and what else is on the links.
@NullMarked
package dev.muster.bench.plan;

import org.jspecify.annotations.NullMarked;
