@NullMarked
package dev.muster.agent.swarm;

import org.jspecify.annotations.NullMarked;
