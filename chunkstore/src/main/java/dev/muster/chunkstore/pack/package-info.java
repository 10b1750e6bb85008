/// Turns an image into chunks and a manifest.
///
/// 1. The image is read once, in aligned windows of 1 MiB, by a pool: zero blocks become extents, every other block is
///    hashed and looked up among the parents' blocks and among those of this image that came before.
/// 2. What is decided next, from hashes alone, is which matches are kept. Of a parent's chunk at least 40 % must be
/// used;
///    of all that the image refers to at most 15 % may be dead; where matches are so short that reading would jump
///    (under 8 blocks on average over 128), short ones are stored again.
/// 3. New blocks are read a second time, in image order, checked against the first hash, compressed by the pool, and
///    handed to the sink chunk by chunk.
///
/// The same image with the same parents gives the same manifest, whatever the pool.
@NullMarked
package dev.muster.chunkstore.pack;

import org.jspecify.annotations.NullMarked;
