@NullMarked
package dev.muster.agent.activate;

import org.jspecify.annotations.NullMarked;
