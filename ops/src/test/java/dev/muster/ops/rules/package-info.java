/// Rules that hold for the whole repository.
@NullMarked
package dev.muster.ops.rules;

import org.jspecify.annotations.NullMarked;
