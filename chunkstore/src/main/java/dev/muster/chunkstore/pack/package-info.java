/// Turns an image into chunks and a manifest.
///
/// 1. [ParentBlocks]: every block of the parents' chunks gets a number in the [BlockTable].
/// 2. [Scan]: the image is read in aligned windows of 1 MiB by a pool. What is zero becomes extents; every other block
///    is hashed and looked up among the parents' blocks and those of this image that came before ([Sources]).
/// 3. [Layout]: what is kept is decided from hashes alone. Where matches are so short that reading would jump from
///    chunk to chunk, under 8 blocks each time, short ones are stored again ([ShortMatches]). Of a parent's chunk at
///    least 40 % must be used, and of all that the image refers to at most 15 % may be unused ([Reuse]). All that is
///    left to store gets its place in image order, equal blocks one place ([Placing]), in chunks of 1 MiB, or of
///    256 KiB when it is under 64 MiB and most of the image.
/// 4. [Storing]: those blocks are read again, checked against their hash, compressed by the pool, and handed to the
///    sink chunk by chunk.
/// 5. [Tables]: chunks in the order of their first use, and extents.
///
/// The same image with the same parents gives the same manifest, whatever the pool.
@NullMarked
package dev.muster.chunkstore.pack;

import org.jspecify.annotations.NullMarked;
