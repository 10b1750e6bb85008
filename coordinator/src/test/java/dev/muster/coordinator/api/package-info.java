@NullMarked
package dev.muster.coordinator.api;

import org.jspecify.annotations.NullMarked;
