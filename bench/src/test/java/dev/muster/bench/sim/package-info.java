@NullMarked
package dev.muster.bench.sim;

import org.jspecify.annotations.NullMarked;
