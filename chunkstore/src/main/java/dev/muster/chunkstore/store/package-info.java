/// Chunks, manifests and refs on one host.
@NullMarked
package dev.muster.chunkstore.store;

import org.jspecify.annotations.NullMarked;
