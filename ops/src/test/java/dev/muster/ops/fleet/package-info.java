/// Tests of how a fleet is shown.
@NullMarked
package dev.muster.ops.fleet;

import org.jspecify.annotations.NullMarked;
