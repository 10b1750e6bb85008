/// Tests of plans.
@NullMarked
package dev.muster.ops.plan;

import org.jspecify.annotations.NullMarked;
