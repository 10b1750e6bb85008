/// Images written to files and block devices, and compared with what they should be.
///
/// 1. [Target#open] takes the target: a new file beside the old one, a file or a block device to be written
///    over, which nobody else uses meanwhile. What cannot hold the image is refused before anything is written.
/// 2. [Assembler#plan] says what will be done, to the byte: blocks that are right already stay, zeros are not
///    written where the target reads as zeros or can be made to, blocks that lie plain in a file are shared
///    with it where the file system can, and copied where not; everything else is decoded out of chunks.
/// 3. [Assembler#run] does it, several chunks at once. Every block is hashed before it is written. A file gets
///    its name at the very end, when all of it is on the disk: one that is there is whole. [Check] says what is
///    read back before.
///
/// [Verifier] reads a target and names the first block that is not what the manifest says.
///
/// What is shared with the store is not read: how fast an image is cloned does not depend on how long it is. So
/// it was hashed when it was stored, and [AssembleReport] tells how much of that there is.
@NullMarked
package dev.muster.chunkstore.assemble;

import org.jspecify.annotations.NullMarked;
