/// The `muster` command line, and what is needed around it.
@NullMarked
package dev.muster.ops;

import org.jspecify.annotations.NullMarked;
