/// Tests of publishing.
@NullMarked
package dev.muster.ops.publish;

import org.jspecify.annotations.NullMarked;
