@NullMarked
package dev.muster.agent.enrol;

import org.jspecify.annotations.NullMarked;
