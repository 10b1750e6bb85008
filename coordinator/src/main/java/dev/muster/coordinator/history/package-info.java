/// What was done in the fleet, by whom, and what came of it.
@NullMarked
package dev.muster.coordinator.history;

import org.jspecify.annotations.NullMarked;
