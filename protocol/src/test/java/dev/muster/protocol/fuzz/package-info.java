/// Fuzzing of the parsers of bytes from outside, without an agent in the JVM: every module's `*FuzzTest` runs some
/// thousand mutations each time it is built, and by the minute with `ops/fuzz`.
@NullMarked
package dev.muster.protocol.fuzz;

import org.jspecify.annotations.NullMarked;
