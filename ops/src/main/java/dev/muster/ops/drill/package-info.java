/// A whole disaster drill on one machine, with nothing prepared and nothing pretended: real programs, on
/// loopback addresses, that publish, spread, kill, resume, roll forward and roll back real disk images,
/// compared bit for bit in the end.
///
/// ```
/// Drill          the phases, in order
/// DrillImages    two related disk images, made from files of this machine
/// DrillFleet     a coordinator and agents, each a process of its own
/// Program        one process: started, killed with -9, started again
/// DrillReport    what was seen, as a table or JSON
/// ```
@NullMarked
package dev.muster.ops.drill;

import org.jspecify.annotations.NullMarked;
