@NullMarked
package dev.muster.ops.drill;

import org.jspecify.annotations.NullMarked;
