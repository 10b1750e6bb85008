/// What a command has to do with whoever called it: results on standard output, as text or as JSON; how far it has come
/// and what went wrong on standard error; and how it ends.
///
/// Exit codes: 0 done, 1 a bug of ours, 2 wrong command line or configuration, 10 no such image, 11 refused
/// signature or document, 12 corrupt bytes, 13 no source or coordinator unreachable, 14 target refused, 15
/// store refused, 130 interrupted. A code that a script does not know is a failure.
@NullMarked
package dev.muster.ops.shell;

import org.jspecify.annotations.NullMarked;
