/// Fixtures of this module's tests.
@NullMarked
package dev.muster.chunkstore;

import org.jspecify.annotations.NullMarked;
