@NullMarked
package dev.muster.coordinator.companion;

import org.jspecify.annotations.NullMarked;
