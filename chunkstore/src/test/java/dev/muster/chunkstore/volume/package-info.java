@NullMarked
package dev.muster.chunkstore.volume;

import org.jspecify.annotations.NullMarked;
