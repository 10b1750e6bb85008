/// Images written to files and block devices, and compared with what they should be.
///
/// 1. [Target#open] takes the target: a new file beside the old one, or a block device that nobody else uses. What
///    cannot hold the image is refused before anything is written.
/// 2. [Assembler#plan] says what will be done, to the byte: blocks that are right already stay, zeros are not written
///    where the target reads as zeros, everything else is decoded out of chunks.
/// 3. [Assembler#run] does it, several chunks at once. Every block is hashed before it is written. A file gets its name
///    at the very end, when all of it is on the disk: one that is there is whole.
///
/// [Verifier] reads a target and names the first block that is not what the manifest says.
@NullMarked
package dev.muster.chunkstore.assemble;

import org.jspecify.annotations.NullMarked;
