/// What an image is made of, and how each part is named by its hash: block, chunk, extent, page, head, manifest.
///
/// Pure values and codecs: no file, socket, thread or clock. Integers are little-endian.
///
/// ## Names
/// - **Block**: 4,096 bytes of the guest's disk, the last one padded with zeros. Its name is its SHA-256.
/// - **Hook**: a block, other than that of zeros, whose name as a big-endian number is a multiple of 32. By hooks,
///   images that share blocks find each other: [Block#isHook].
/// - **Chunk header**: the names of its `n` blocks, `1 <= n <= 256`, `n x 32` bytes.
///   [ChunkId] = SHA-256(`"MC1"` | u16 n | header).
/// - **Content id**: SHA-256(`"MI1"` | u64 length | root), where root is that of a binary tree over the block hashes,
///   filled up to a power of two with the zero block: leaf = SHA-256(0x00 | hash), node = SHA-256(0x01 | left | right).
///   See [ContentTree].
/// - **Manifest id**: SHA-256 of the head.
///
/// ## Head, at most 64 KiB
/// ```
/// "MSTRHEAD" | u16 version = 1 | u8 kind {1 DISK, 2 OPAQUE} | u64 length in bytes | u32 sector bytes
/// | recipe: u8 kind, u16 length, bytes | content id 32
/// | u8 parents (<= 4) x manifest id 32
/// | u32 chunks | u32 extents
/// | chunk table | extent table
/// table = u8 level {1, 2} | u32 pages | page x { u64 first, SHA-256 32 }
/// ```
/// At level 1 a table names its pages; at level 2 it names index pages, which name the pages. `first` is
/// the first chunk index or the first block that the page speaks of, so that one block is found without
/// reading every page.
///
/// ## Pages, at most 256 KiB
/// ```
/// "MSTRPAGE" | u16 version = 1 | u8 kind | u8 0 | u32 entries | entry*
/// 1 CHUNKS  { chunk id 32 | u16 blocks | u32 wire bytes }
/// 2 EXTENTS { u64 first block | u32 blocks | u8 kind {0 ZERO, 1 CHUNK, 2 HOLE} | u8 block in chunk | u32 chunk index }
/// 3 INDEX   { u64 first | SHA-256 32 }
/// ```
/// Every page but the last of a table is full, and no chunk is listed twice. Extents cover the image in order, without
/// gap or overlap, and neighbours that could be one are one: an image has exactly one encoding for one packing.
@NullMarked
package dev.muster.protocol.content;

import org.jspecify.annotations.NullMarked;
