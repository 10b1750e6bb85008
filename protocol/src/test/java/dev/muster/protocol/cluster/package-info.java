/// Tests of the view of the fleet, and [MemoryFleet], a view among nodes of one process.
@NullMarked
package dev.muster.protocol.cluster;

import org.jspecify.annotations.NullMarked;
