/// The coordinator: takes hosts into the fleet, keeps the releases that may run, signs which hosts run which, and says
/// how far they are. It carries no chunk of an image, and hosts go on without it.
///
/// [Coordinator][dev.muster.coordinator.Coordinator] wires everything; there is no other place that does, and no static
/// state, so that several can run in one process.
@NullMarked
package dev.muster.coordinator;

import org.jspecify.annotations.NullMarked;
