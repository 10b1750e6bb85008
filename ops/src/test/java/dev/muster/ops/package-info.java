/// The command line as its users see it.
@NullMarked
package dev.muster.ops;

import org.jspecify.annotations.NullMarked;
