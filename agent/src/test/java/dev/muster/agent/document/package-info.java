@NullMarked
package dev.muster.agent.document;

import org.jspecify.annotations.NullMarked;
