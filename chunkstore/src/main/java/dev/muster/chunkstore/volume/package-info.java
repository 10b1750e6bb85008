/// Targets that count as places of chunks, and are turned from one image into another where they lie.
@NullMarked
package dev.muster.chunkstore.volume;

import org.jspecify.annotations.NullMarked;
