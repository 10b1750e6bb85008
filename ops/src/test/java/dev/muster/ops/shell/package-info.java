/// Tests of what a command says and how it ends.
@NullMarked
package dev.muster.ops.shell;

import org.jspecify.annotations.NullMarked;
