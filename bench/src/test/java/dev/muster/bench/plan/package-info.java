@NullMarked
package dev.muster.bench.plan;

import org.jspecify.annotations.NullMarked;
