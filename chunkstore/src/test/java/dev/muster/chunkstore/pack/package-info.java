/// Tests of packing.
@NullMarked
package dev.muster.chunkstore.pack;

import org.jspecify.annotations.NullMarked;
