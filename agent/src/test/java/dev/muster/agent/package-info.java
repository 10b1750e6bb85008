@NullMarked
package dev.muster.agent;

import org.jspecify.annotations.NullMarked;
