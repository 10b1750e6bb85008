@NullMarked
package dev.muster.agent.delivery;

import org.jspecify.annotations.NullMarked;
