/// Targets that count as places of chunks, and are turned from one image into another where they lie: a host
/// need not hold an image twice.
///
/// A *volume* is a file or block device on which the blocks of an image lie. Of a chunk that lies there the
/// store has the header alone; [Volumes] is what it asks for the blocks. Nothing on a target is believed:
/// whoever wrote to it meanwhile, each block is hashed as it is read, and a chunk of which one is nowhere is
/// forgotten, as a rotten one is.
///
/// ## Filling
/// 1. [Volumes#fill] takes the target, says so in the registry, and compares what lies there with the image.
///    What is right counts at once; zeros are made zeros.
/// 2. A chunk that is put into the store meanwhile, and of which the image uses every block, goes to all its
///    places on the target and has a header in the store. Chunks of which it uses a part are kept whole in
///    the store.
/// 3. [Fill#finish] writes what the target lacks still, forces it, and the volume is whole.
///
/// ## Converting
/// [Volumes#convert] compares the target with both images. Each block of a chunk that lies on volumes then is
/// - *safe*, if it lies where the new image has the same, or is spilled;
/// - *moved*, if the new image has it elsewhere on the target;
/// - or it is *spilled* first: packed with others into chunks of the store. Some because chunks of the new
///   image have blocks that the image does not use; the others so that the old image stays whole ([Undo]).
///
/// [Conversion#run]
/// 1. spills, and flushes the store; what is given up is forgotten, durably, now;
/// 2. says CONVERTING and what was spilled in the registry;
/// 3. overwrites the target in windows. A block that is moved is overwritten only when its new place is
///    written and forced: chains are worked off from their ends. Where nothing is free a chain or cycle is
///    followed within one window, and what that overwrites is *stashed* before it is begun: written to a
///    file, which is forced and renamed into place;
/// 4. forces each window, cuts a file to its new length, and says WHOLE in the registry, with the spill that
///    is still needed.
///
/// ## Promises
/// - Each block of both images, if the old one is kept, is at every moment on the target, in the spill or in
///   the stash, durably. So both can be served while it goes on, and after a crash the same is simply done
///   again, there or back: what is right is found. `VolumeCrashTest`, `MoveCrashTest`,
///   `VolumeContract.everyChunkCanBeReadWhileBlocksMove`
/// - The way back is the same with the images exchanged, and needs no network. `ConversionTest`, `RoomTest`
/// - Moving takes the room of a window, not that of what is moved. `MoveCrashTest`, `RoomTest`
/// - What somebody else wrote to a target is never served, kept, or moved. `VolumesTest`
/// - What was read from a target counts only after it was forced: a process that was killed may have left it
///   in memory alone. What was written in vain, because forcing it failed, is written again. `MoveCrashTest`,
///   `VolumesTest`
///
/// ## Formats
/// As in [dev.muster.chunkstore.store], in the store's directory `volumes`. Each file is replaced atomically.
///
/// **volume**, `<first 16 digits of the SHA-256 of the target's path>.volume`
/// ```
///  0 "MSTRVOLM" | 8 u16 version = 1 | 10 u16 0
/// 12 u16 length, path of the target
///  . u8 state | u8 how many | manifest ids
///        1 FILLING     { to }
///        2 WHOLE       { current, and the one to go back to, if any }
///        3 CONVERTING  { from, to }, the old image is kept
///        4 CONVERTING  { from, to }, the old image is given up
///        5 RELEASING   { up to 2 }, chunks are being forgotten
///  . u32 how many, up to 2^20 | chunk ids of the spill | CRC
/// ```
///
/// **stash**, `<the same>.stash`
/// ```
///  0 "MSTRSTSH" | 8 u16 version = 1 | 10 u16 0
/// 12 u32 n, up to 2^20 | n hashes | CRC | zeros up to a block | n blocks
/// ```
@NullMarked
package dev.muster.chunkstore.volume;

import org.jspecify.annotations.NullMarked;
