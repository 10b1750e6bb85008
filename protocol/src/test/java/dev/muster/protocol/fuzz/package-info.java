/// Fuzzing of the parsers of bytes from outside. Every module's `*FuzzTest` runs its corpora and some thousand
/// mutations
/// each time it is built, without an agent in the JVM; `ops/fuzz` has Jazzer look for more, by the minute.
@NullMarked
package dev.muster.protocol.fuzz;

import org.jspecify.annotations.NullMarked;
