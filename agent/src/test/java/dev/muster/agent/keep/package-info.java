@NullMarked
package dev.muster.agent.keep;

import org.jspecify.annotations.NullMarked;
