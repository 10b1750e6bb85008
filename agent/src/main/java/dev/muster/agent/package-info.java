/// The program on every host. [Agent] wires it: it is the architecture in one file.
@NullMarked
package dev.muster.agent;

import org.jspecify.annotations.NullMarked;
