@NullMarked
package dev.muster.coordinator.catalog;

import org.jspecify.annotations.NullMarked;
