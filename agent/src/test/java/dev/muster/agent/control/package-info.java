@NullMarked
package dev.muster.agent.control;

import org.jspecify.annotations.NullMarked;
