@NullMarked
package dev.muster.coordinator.rollout;

import org.jspecify.annotations.NullMarked;
