/// Blocks to frames and back. The only package that knows zstd.
///
/// Compression is outside identity: whatever a frame's bytes are, its blocks are hashed after decoding, and only the
/// hashes count. A frame from a stranger is decoded into a buffer of the length it must have; one that would be longer
/// or shorter is refused, so no frame can make a host allocate more than it asked for.
@NullMarked
package dev.muster.chunkstore.codec;

import org.jspecify.annotations.NullMarked;
