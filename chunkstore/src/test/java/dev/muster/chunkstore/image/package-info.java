/// Tests of reading disks out of their containers.
@NullMarked
package dev.muster.chunkstore.image;

import org.jspecify.annotations.NullMarked;
