/// Turns an image into chunks and a manifest.
///
/// Parents are what the caller names, and what a store finds by the hooks of a sample ([Hooks]).
///
/// 1. [ParentBlocks]: every block of the parents' chunks gets a number in the [BlockTable].
/// 2. [Scan]: the image is read by a pool, in batches of up to 1 MiB of data ([Batch]). What is zero becomes
///    extents; every other block is hashed and looked up among the parents' blocks and those of this image
///    that came before ([Sources]).
/// 3. [Layout]: what is kept is decided from hashes alone. Where matches are so short that reading would jump
///    from chunk to chunk, under 8 blocks each time, short ones are stored again ([ShortMatches]). Of a
///    parent's chunk at least 40 % must be used, and of all that the image refers to at most 15 % may be
///    unused ([Reuse]). All that is left to store gets its place in image order, equal blocks one place
///    ([Placing]), in chunks of 1 MiB, or of 256 KiB when it is under 64 MiB and most of the image.
/// 4. [SecondPass]: those blocks are read again, checked against their hash, compressed by the pool, and
///    handed to the sink chunk by chunk ([NewChunks]). Without parents there is nothing to decide, and step 2
///    does this as well ([SinglePass]): the image is read once. The chunks are the same.
/// 5. [Tables]: chunks in the order of their first use, and extents.
///
/// The same image with the same parents gives the same manifest, whatever the pool; unless it has more
/// distinct blocks than are remembered ([Packer]).
@NullMarked
package dev.muster.chunkstore.pack;

import org.jspecify.annotations.NullMarked;
