@NullMarked
package dev.muster.coordinator.disk;

import org.jspecify.annotations.NullMarked;
