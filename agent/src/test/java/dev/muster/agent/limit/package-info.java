@NullMarked
package dev.muster.agent.limit;

import org.jspecify.annotations.NullMarked;
