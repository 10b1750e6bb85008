/// The commands of `muster`, one class each, thin: they read options, have the work done elsewhere, and print.
/// [Commands] puts them together.
@NullMarked
package dev.muster.ops.command;

import org.jspecify.annotations.NullMarked;
